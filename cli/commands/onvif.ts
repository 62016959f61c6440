/** `camera probe`: asks an ONVIF device what it offers; from this machine, changing nothing. */
import type { Command } from 'commander';
import { FaultError } from '#models/schema/fault.ts';
import { readPassword } from '../password.ts';
import { printRows } from '../print.ts';

export type OnvifTarget = { host: string; user?: string; passwordFile?: string };

export function addOnvifCommands(camera: Command): void {
  camera
    .command('probe')
    .description('Asks an ONVIF device for its make, clock and streams.')
    .argument('<host>', 'host or host:port')
    .option('--user <user>', 'user of the device')
    .option('--password-file <file>', 'file with its password (or SHARP_EYES_PASSWORD)')
    .option('--json', 'machine-readable')
    .action(async (host: string, options: { user?: string; passwordFile?: string; json?: boolean }) => {
      const { report, chosen } = await probe({ host, ...options });
      if (options.json === true) {
        console.log(JSON.stringify({ ...report, chosen: chosen.token }, null, 2));
        return;
      }
      console.log(
        `${report.manufacturer} ${report.model}, firmware ${report.firmware}, clock ${report.clockOffsetS} s ahead of ours`,
      );
      const rows = report.streams.map((stream) => ({ ...stream, detect: stream === chosen ? 'this one' : '' }));
      printRows(rows, {
        columns: ['token', 'codec', 'width', 'height', 'fps', 'detect', 'url'],
        isJson: false,
        none: '',
      });
    });
}

/** The device's report and the stream to detect on. */
export async function probe({ host, user, passwordFile }: OnvifTarget) {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  if (url === undefined) throw new FaultError('invalid-value', `"${host}" is no host or host:port`);
  const password = readPassword(passwordFile);
  const { probeOnvif, chooseStream } = await import('#ingest/main.ts');
  const report = await probeOnvif({
    host: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  });
  const chosen = chooseStream(report.streams);
  if (chosen === undefined) throw new FaultError('camera-no-video', `${host} offers no stream`);
  return { report, chosen };
}
