/** Which cameras a command is about: those that are named, or all with a tag or in an area; and how many are expected. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { CameraView } from '#models/schema/camera-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { ApiClient } from '../api-client.ts';

export type SelectionOptions = {
  tag?: string;
  area?: string;
  whereTag?: string;
  whereArea?: string;
  all?: boolean;
  count?: number;
  dryRun?: boolean;
  json?: boolean;
};

/** `isShort`: --tag and --area select too; where they are what is to be set, only --where-tag and --where-area do. */
export function withSelection(command: Command, { isShort }: { isShort: boolean }): Command {
  command.argument('[ids...]', 'ids of cameras; or select them');
  if (isShort) command.option('--tag <tag>', 'all with this tag').option('--area <id>', 'all in this area and below');
  return command
    .option('--where-tag <tag>', 'all with this tag')
    .option('--where-area <id>', 'all in this area and below')
    .option('--all', 'all that you may see')
    .option('--count <number>', 'how many you expect: refused where there are more or fewer', Number)
    .option('--dry-run', 'say what would change, and change nothing');
}

export type Selected = {
  cameras: CameraView[];
  /** They were found by tag or area, so that nobody has counted them yet. */
  isFound: boolean;
};

/** Throws FaultError `not-found` for an id that is not there, and where nothing is selected. */
export async function selectCameras(
  api: ApiClient,
  ids: readonly string[],
  options: SelectionOptions,
): Promise<Selected> {
  const [tag, area] = [options.whereTag ?? options.tag, options.whereArea ?? options.area];
  const isFound = tag !== undefined || area !== undefined || options.all === true;
  if (isFound === ids.length > 0) {
    throw new FaultError('invalid-value', isFound ? 'name cameras or select them, not both' : 'no camera was named', {
      cure: 'Name ids, or select by --where-tag, --where-area or --all.',
    });
  }
  const { cameras } = await api.json<{ cameras: CameraView[] }>('GET', '/cameras');
  if (!isFound) return { cameras: ids.map((id) => findById(id, cameras)), isFound };
  const selected = cameras
    .filter((camera) => tag === undefined || camera.tags?.includes(tag) === true)
    .filter((camera) => area === undefined || camera.areaPath.includes(area));
  if (selected.length > 0) return { cameras: selected, isFound };
  throw new FaultError(
    'not-found',
    `no camera has ${[tag && `the tag "${tag}"`, area && `the area "${area}"`].filter(Boolean).join(' and ')}`,
  );
}

function findById(id: string, cameras: readonly CameraView[]): CameraView {
  const camera = cameras.find((one) => one.id === id);
  if (camera === undefined) throw new FaultError('not-found', `there is no camera "${id}"`);
  return camera;
}

/**
 * Before many are changed: the number is asked for at a terminal, and must come as --count in a script.
 * Throws FaultError `invalid-value` where it is another.
 */
export async function confirmCount(
  many: number,
  { isFound, count }: { isFound: boolean; count: number | undefined },
): Promise<void> {
  if (!isFound && count === undefined) return;
  const said = count ?? (process.stdin.isTTY ? await askCount(many) : undefined);
  if (said === many) return;
  const what = said === undefined ? `${many} cameras would change` : `${many} cameras would change, not ${said}`;
  throw new FaultError('invalid-value', `${what}; nothing was changed`, {
    cure: `Look at them with --dry-run, then repeat it with --count ${many}.`,
  });
}

async function askCount(many: number): Promise<number> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return Number(await terminal.question(`${many} cameras change. Type the number to go on: `));
  } finally {
    terminal.close();
  }
}
