/** `camera discover`: finds ONVIF devices from this machine, changing nothing. */
import type { Command } from 'commander';
import { printRows } from '../print.ts';

export function addOnvifCommands(camera: Command): void {
  camera
    .command('discover')
    .description('Finds ONVIF devices on the local network (multicast).')
    .option('--seconds <number>', 'how long to listen', Number, 4)
    .option('--json', 'machine-readable')
    .action(async (options: { seconds: number; json?: boolean }) => {
      const { discoverOnvif } = await import('#ingest/main.ts');
      const devices = await discoverOnvif({ timeoutMs: options.seconds * 1000 });
      const rows = devices.map(({ host, port, urls }) => ({ host, port, address: urls[0] ?? '' }));
      printRows(rows, {
        columns: ['host', 'port', 'address'],
        isJson: options.json === true,
        none: 'No device answered.',
      });
    });
}
