/** Virtual cameras as a process of their own: started, asked who they are, and stopped again. */
import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import { ROOT_DIR } from '#system/config.ts';
import type { DescribedDevice } from './control.ts';

export type ServeOptions = {
  count: number;
  recorders: number;
  ptz: number;
  codecs: readonly string[];
  /** Profiles by their id; none: all, in turn. */
  profiles: readonly string[];
  host: string;
  /** Of the control; ONVIF takes those after it, RTSP those after `rtspPort`. 0: any free ones. */
  port: number;
  rtspPort: number;
  dataDir: string;
  materialDir: string;
};

export type ServeNews =
  | { type: 'ready'; devices: DescribedDevice[]; control: string }
  | { type: 'prepared' }
  | { type: 'failed'; code: string; message: string };

export type CameraProcess = AsyncDisposable & {
  pid: number;
  devices: DescribedDevice[];
  control: string;
  /** Sub streams and other codecs are there. */
  prepared: Promise<void>;
  ended: Promise<void>;
};

/** glibc keeps a pool for each of many threads, of which reading clips wakes a few: two save 25 MiB (30 cameras, 12 clips). */
export const SERVING_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

/** What is young in this process dies young: a small nursery saves 30 MiB and costs no CPU (measured with 30 cameras). */
export const SERVING_FLAGS = ['--max-semi-space-size=2'];

/** Throws the FaultError with which the cameras did not start. */
export async function startCameraProcess(options: ServeOptions): Promise<CameraProcess> {
  const child = fork(resolve(ROOT_DIR, 'demo/devices/serve.ts'), [JSON.stringify(options)], {
    execArgv: SERVING_FLAGS,
    env: { ...process.env, ...SERVING_ENVIRONMENT },
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const prepared = Promise.withResolvers<void>();
  const ready = await new Promise<Extract<ServeNews, { type: 'ready' }>>((done, fail) => {
    child.on('message', (news: ServeNews) => {
      if (news.type === 'ready') done(news);
      else if (news.type === 'prepared') prepared.resolve();
      else fail(new FaultError(isFaultCode(news.code) ? news.code : 'internal', news.message));
    });
    child.once('exit', (code) => fail(new Error(`the process of the cameras ended with ${code}`)));
  });
  return {
    pid: child.pid ?? 0,
    devices: ready.devices,
    control: ready.control,
    prepared: prepared.promise,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
