/** The newest small picture of each camera, from the workers that have them. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { HealthPictures } from '#models/schema/camera-health.ts';
import { CAPTURED_AT_HEADER, CONTROL } from '#models/wire/subjects.ts';

const TIMEOUT_MS = 1500;
const SIZE_MAX_BYTES = 256 * 1024;

/** A camera without a worker, or without a picture yet, is not in the answer. */
export async function readThumbnails(connection: NatsConnection, cameras: readonly string[]): Promise<HealthPictures> {
  const answers = await Promise.all(cameras.map((camera) => readThumbnail(connection, camera)));
  return { pictures: answers.filter((picture) => picture !== undefined) };
}

async function readThumbnail(
  connection: NatsConnection,
  camera: string,
): Promise<HealthPictures['pictures'][number] | undefined> {
  const reply = await connection.request(CONTROL.thumbnail(camera), undefined, { timeout: TIMEOUT_MS }).catch(() => {});
  if (reply === undefined || reply.data.length === 0 || reply.data.length > SIZE_MAX_BYTES) return undefined;
  const capturedAtMs = Number(reply.headers?.get(CAPTURED_AT_HEADER));
  if (!Number.isSafeInteger(capturedAtMs) || !isJpeg(reply.data)) return undefined;
  return { camera, capturedAtMs, jpeg: Buffer.from(reply.data).toString('base64') };
}

const isJpeg = (bytes: Uint8Array) => bytes[0] === 0xff && bytes[1] === 0xd8;
