/** `detect`: detections of a file or an RTSP camera as JSON lines, one per sampled frame. */
import type { Command } from 'commander';
import { loadConfig } from '#system/config.ts';
import { readPassword } from '../password.ts';
import { PROVIDER_OPTION, providersOf, sayFallback } from '../providers.ts';

type Options = {
  model?: string;
  fps?: number;
  scoreMin?: number;
  annotate?: string;
  mask?: string;
  provider?: string;
  passwordFile?: string;
  user?: string;
  transport?: 'tcp' | 'udp';
};

export function addDetectCommand(program: Command): void {
  program
    .command('detect')
    .description('Prints detections as JSON lines: {"t","seq","detections":[{"kind","score","box","track"}]}.')
    .argument('<file|rtsp-url>', 'any file FFmpeg reads, or rtsp://…')
    .option('--model <name|path>', 'model of the catalog, or an .onnx file with its manifest beside it')
    .option('--fps <number>', 'frames per second to look at; absent: every frame', Number)
    .option('--score-min <number>', 'least score, 0 to 1', Number)
    .option('--annotate <file>', 'also writes an MP4 with the boxes drawn')
    .option('--mask <file>', 'JSON: rings of [x, y] as fractions of the picture, blanked before anything looks')
    .option(...PROVIDER_OPTION)
    .option('--user <user>', 'user of the camera')
    .option('--password-file <file>', 'file with the camera’s password (or SHARP_EYES_PASSWORD)')
    .option('--transport <tcp|udp>', 'how RTSP brings packets', 'tcp')
    .action((url: string, options: Options) => detect(url, options));
}

async function detect(url: string, options: Options): Promise<void> {
  const config = loadConfig();
  const { passwordFile, provider, ...rest } = options;
  const providers = providersOf(provider, config);
  const password = options.user === undefined ? undefined : readPassword(passwordFile);
  const { detectStream } = await import('#ingest/main.ts');
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  for await (const line of detectStream({
    url,
    config,
    ...rest,
    providers,
    onOpened: sayFallback,
    ...(password === undefined ? {} : { password }),
    signal: stopping.signal,
  })) {
    if (!process.stdout.write(`${JSON.stringify(line)}\n`))
      await new Promise((done) => process.stdout.once('drain', done));
  }
}
