/** The id of a worker: the same after a restart, and another one on every machine. */
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { FaultError } from '#models/schema/fault.ts';
import { isId } from '#models/schema/id.ts';

/**
 * `--name worker-1` on the machine "Gate.local" is `gate-local-worker-1`: leases of all machines stand side by side, so
 * the name alone would not do. Without a name the pid stands for it. Throws FaultError `config-invalid`.
 */
export function workerName(args: string[], host = hostname()): string {
  const { values } = parseArgs({ args, options: { name: { type: 'string' } } });
  const name = values.name ?? String(process.pid);
  const place = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63 - name.length);
  const id = `${place === '' ? 'host' : place}-${name}`.replace(/-+/g, '-');
  if (!isId(id)) {
    throw new FaultError('config-invalid', `--name "${name}" is no id: use lower-case letters, digits and hyphens`);
  }
  return id;
}
