/** What discovery and a probe tell, line by line. */
import type { CameraInput } from '#models/schema/camera-view.ts';

export type DeviceTold = {
  key: string;
  host: string;
  port: number;
  addresses?: string[];
  manufacturer?: string;
  model?: string;
  name?: string;
  says?: string;
  cameras: string[];
  isGone?: boolean;
};

export type StreamTold = { url: string; codec: string; width: number; height: number; fps?: number };

export type ChannelTold = {
  channel?: string;
  profile?: string;
  name: string;
  detect: StreamTold;
  watch?: StreamTold;
  why?: string;
  pictureJpegBase64?: string;
};

export type ProbeLine = {
  step: string;
  verdict: 'running' | 'good' | 'warning' | 'bad' | 'skipped';
  text: string;
  code?: string;
  cure?: string;
  ms?: number;
  cameras?: ChannelTold[];
  device?: NonNullable<CameraInput['device']>;
};
