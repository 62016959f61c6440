/** `model add`: a known public model from its publisher, or any ONNX file from the disk. */
import type { Command } from 'commander';
import type { FetchProgress } from '#models/catalog/fetch-file.ts';
import type { FetchPlan } from '#models/catalog/fetch-model.ts';
import { TEMPLATE_NAMES } from '#models/catalog/templates.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';

type Options = {
  file?: string;
  like?: string;
  from?: string;
  name?: string;
  licence?: string;
  source?: string;
};

export function addAddCommand(model: Command): void {
  model
    .command('add')
    .description('Fetches a public model, or takes an ONNX file, after proving that it is what it is said to be.')
    .argument('[known]', 'a public model that ./sharp-eyes model list gives an address for')
    .option('--from <url>', 'a mirror to fetch it from: the address of a folder or of the file')
    .option('--file <file>', 'an ONNX file that is here already')
    .option('--like <model>', `how the file is fed and read: ${TEMPLATE_NAMES.join(', ')}, or a manifest (.yaml)`)
    .option('--name <name>', 'of the file: lower-case letters, digits, hyphens; made from it where absent')
    .option('--licence <text>', 'of the file')
    .option('--source <text>', 'who published the file, and where')
    .action(add);
}

async function add(known: string | undefined, options: Options): Promise<void> {
  const { file, like = known } = options;
  if (file === undefined && known !== undefined) return addKnown(known, options);
  if (file === undefined || like === undefined) {
    throw new FaultError('invalid-value', 'expected the name of a public model, or --file with --like');
  }
  const { addModel } = await import('#models/catalog/add.ts');
  const name = options.name ?? known;
  const { manifest, path } = await addModel({ ...options, file, like, name, modelsDir: loadConfig().modelsDir });
  console.log(`${manifest.name} added as ${path}; prove it: ./sharp-eyes model check ${manifest.name}`);
}

async function addKnown(known: string, { from, ...others }: Options): Promise<void> {
  const [beyond] = Object.keys(others);
  if (beyond !== undefined) throw new FaultError('invalid-value', `--${beyond} goes with --file only`);
  const { fetchModel, planFetch } = await import('#models/catalog/fetch-model.ts');
  const plan = planFetch(known, from);
  for (const line of describePlan(plan)) console.error(line);
  const showProgress = createProgress();
  const { manifest, path } = await fetchModel({
    plan,
    modelsDir: loadConfig().modelsDir,
    onProgress: showProgress,
  }).finally(() => {
    if (process.stderr.isTTY) process.stderr.write('\n');
  });
  if (plan.sha256 === null) console.log(`its SHA-256 is ${manifest.sha256}; it now stands in the manifest`);
  console.log(`${known} added as ${path}; prove it: ./sharp-eyes model check ${known}`);
}

function describePlan({ manifest, url, licenceUrl, bytes, sha256 }: FetchPlan): string[] {
  const { name, licence, source } = manifest;
  return [
    `${name} is ${source}`,
    `licence: ${licence}${licenceUrl === null ? '' : `, ${licenceUrl}`}`,
    `from ${url}${bytes === null ? '' : `, ${mib(bytes)} MiB`}`,
    ...(sha256 === null ? ['nobody stated its SHA-256: that of what comes is kept in the manifest'] : []),
  ];
}

const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);

/** On a terminal one line that changes; elsewhere a line each tenth. */
function createProgress(): (progress: FetchProgress) => void {
  let shown = -1;
  return ({ bytes, totalBytes }) => {
    const step = totalBytes === null ? Math.floor(bytes / 2 ** 20) : Math.floor((100 * bytes) / totalBytes);
    const coarse = process.stderr.isTTY ? step : Math.floor(step / 10);
    if (coarse === shown) return;
    shown = coarse;
    const text = totalBytes === null ? `${mib(bytes)} MiB` : `${mib(bytes)} of ${mib(totalBytes)} MiB, ${step} %`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}   ` : `${text}\n`);
  };
}
