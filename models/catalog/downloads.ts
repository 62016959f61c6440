/** Where the known models are published, and what is known of the files there. */

export type Download = {
  url: string;
  /** Of the licence that it comes under. */
  licenceUrl: string;
  bytes: number;
  /** Absent: nobody whom we trust stated it; the first file that fits is pinned. */
  sha256?: string;
};

/** Megvii's release of 2021; size and SHA-256 as many projects that pin the same files state them. */
function yoloxRelease(file: string, { bytes, sha256 }: { bytes: number; sha256: string }): Download {
  return {
    url: `https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/${file}`,
    licenceUrl: 'https://github.com/Megvii-BaseDetection/YOLOX/blob/main/LICENSE',
    bytes,
    sha256,
  };
}

/**
 * By the name of the known model. NanoDet is not here: its publisher offers this version without an ONNX file. The file of
 * yolox-nano here is another export than the one of `known.ts`, 685 bytes shorter.
 */
const DOWNLOADS: Readonly<Record<string, Download>> = {
  'yolox-nano': yoloxRelease('yolox_nano.onnx', {
    bytes: 3_659_407,
    sha256: 'c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d',
  }),
  'yolox-tiny': yoloxRelease('yolox_tiny.onnx', {
    bytes: 20_219_662,
    sha256: '427cc366d34e27ff7a03e2899b5e3671425c262ea2291f88bb942bc1cc70b0f7',
  }),
  'yolox-s': yoloxRelease('yolox_s.onnx', {
    bytes: 35_858_002,
    sha256: 'c5c2d13e59ae883e6af3b45daea64af4833a4951c92d116ec270d9ddbe998063',
  }),
};

export function downloadOf(name: string): Download | undefined {
  return Object.hasOwn(DOWNLOADS, name) ? DOWNLOADS[name] : undefined;
}
