/** Saves what a camera shows now as a file, as large as it comes and without boxes. */
import type { CameraView } from '#models/schema/camera-view.ts';
import { apiUrl, request } from '../api-client.ts';
import { zoneOffsetMs } from '../workspace/zone-time.ts';

const QUALITY = 0.92;

type Options = { video: HTMLVideoElement | null; zone: string };

/** From the video that plays; without one the API is asked for a picture. The file's name has the time in `zone`. */
export async function saveSnapshot(camera: CameraView, { video, zone }: Options): Promise<void> {
  const isPlaying = video !== null && video.videoWidth > 0;
  const atMs = isPlaying ? Number(video.dataset.capturedAtMs ?? Date.now()) : Date.now();
  const picture = isPlaying ? await pictureOf(video) : await askForPicture(camera.id);
  if (picture === null) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(picture);
  link.download = `${camera.id} ${stamp(atMs, zone)}.jpg`;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function askForPicture(camera: string): Promise<Blob> {
  return (await request(apiUrl(`cameras/${encodeURIComponent(camera)}/picture.jpg`))).blob();
}

function pictureOf(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
}

/** As names of files may hold it: 2026-11-26 16.35.12. */
function stamp(atMs: number, zone: string): string {
  const date = new Date(atMs + zoneOffsetMs(atMs, zone));
  return date.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
}
