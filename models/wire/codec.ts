/** Messages to bytes and back: JSON in UTF-8, checked when it comes in. */
import { CameraState } from '../schema/camera.ts';
import { checker } from '../schema/check.ts';
import { DetectionMessage } from '../schema/detection.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const checkCameraState = checker('the camera state', CameraState);
const checkDetectionMessage = checker('the detection message', DetectionMessage);

export function encodeMessage(message: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}

/** Throws InvalidValueError or SyntaxError for bytes that are no detection message of a version we know. */
export function decodeDetectionMessage(bytes: Uint8Array): DetectionMessage {
  return checkDetectionMessage(JSON.parse(decoder.decode(bytes))) as DetectionMessage;
}

/** undefined for what else is said on subjects of health. */
export function decodeCameraState(bytes: Uint8Array): CameraState | undefined {
  try {
    return checkCameraState(JSON.parse(decoder.decode(bytes)));
  } catch {
    return undefined;
  }
}

export function messageId(camera: string, revision: number, sequence: number): string {
  return `${camera}:${revision}:${sequence}`;
}
