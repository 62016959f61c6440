/** `model`: which detection models there are, adding one, and proving that one works here. */
import type { Command } from 'commander';
import { listModels } from '#models/catalog/list.ts';
import { describeFallback, type ModelRuntime } from '#models/schema/execution-provider.ts';
import { loadConfig } from '#system/config.ts';
import { printRows } from '../print.ts';
import { PROVIDER_OPTION, providersOf } from '../providers.ts';
import { addAddCommand } from './model-add.ts';
import { addEvaluateCommand } from './model-evaluate.ts';

const COLUMNS = ['name', 'is there', 'MiB', 'input', 'person', 'car', 'time', 'licence', 'source'];
const LEGEND = `
person, car: AP50 on the campus clip and the ipc_a pictures; time: one thread, yolox-nano’s is 1 (docs/models.md has more);
empty where nobody measured it. The published yolox-nano is another export than the one that was measured.
./sharp-eyes model add <name> fetches those that have an address.`;

const figure = (value: number | null | undefined, digits: number) => value?.toFixed(digits);

// The runtime of the models takes a second to load: only the commands that need it wait for it.
export function addModelCommands(program: Command): void {
  const model = program.command('model').description('Detection models: list, add, check, evaluate.');
  model
    .command('list')
    .description('Every model that is known or was added, and whether its file is there.')
    .option('--json', 'machine-readable')
    .action((options: { json?: boolean }) => {
      const models = listModels(loadConfig());
      const rows = models.map((entry) => ({
        ...entry,
        kinds: entry.kinds.join(' '),
        measured: null,
        'is there': entry.isPresent ? 'yes' : 'no',
        MiB: entry.sizeMib?.toFixed(1),
        input: entry.size,
        person: figure(entry.measured?.personAp50, 3),
        car: figure(entry.measured?.carAp50, 3),
        time: figure(entry.measured?.timeOfYoloxNano, 2),
        source: entry.isPresent ? entry.source : (entry.url ?? entry.source),
      }));
      if (options.json === true) console.log(JSON.stringify(models, null, 2));
      else {
        printRows(rows, { columns: COLUMNS, isJson: false, none: 'No models.' });
        console.log(LEGEND);
      }
    });
  addAddCommand(model);
  model
    .command('check')
    .description('Opens a model, runs a picture through it, and measures it on this machine.')
    .argument('[name]', 'name of the catalog, or a path; absent: the one in use')
    .option('--picture <file>', 'JPEG or PNG; absent: a generated one')
    .option('--annotate <file>', 'writes the picture with its detections drawn')
    .option('--runs <number>', 'how often it is run to be measured', Number, 20)
    .option(...PROVIDER_OPTION)
    .option('--json', 'machine-readable')
    .action(check);
  addEvaluateCommand(model);
}

async function check(
  name: string | undefined,
  options: { picture?: string; annotate?: string; runs: number; provider?: string; json?: boolean },
): Promise<void> {
  const config = loadConfig();
  const { checkModel } = await import('#models/catalog/check-model.ts');
  const result = await checkModel({
    ...options,
    providers: providersOf(options.provider, config),
    name: name ?? config.model,
    modelsDir: config.modelsDir,
    materialDir: config.materialDir,
  });
  if (options.json === true) {
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  const { manifest, runtime, medianMs, p95Ms, runs, openMs, detections } = result;
  console.log(`${manifest.name} (${manifest.licence}): opened in ${openMs.toFixed(0)} ms, its shapes fit the manifest`);
  for (const line of describeRuntime(manifest.name, runtime)) console.log(line);
  const on = runtime.provider === 'cpu' ? 'one thread' : runtime.provider;
  console.log(
    `one picture takes ${medianMs.toFixed(1)} ms, 95 of 100 at most ${p95Ms.toFixed(1)} ms (${on}, ${runs} runs)`,
  );
  const rows = detections.map(({ kind, score, box }) => ({
    kind,
    score: score.toFixed(2),
    box: box.map((part) => part.toFixed(3)).join(' '),
  }));
  printRows(rows, { columns: ['kind', 'score', 'box'], isJson: false, none: 'Nothing was found in the picture.' });
  if (result.annotated !== null) console.log(`${result.annotated} written`);
}

function describeRuntime(model: string, runtime: ModelRuntime): string[] {
  const fallback = describeFallback(model, runtime);
  if (fallback !== undefined) return [fallback.message, `what to do: ${fallback.cure}`];
  const { provider, parts } = runtime;
  if (parts === undefined) return [`it runs on ${provider}`];
  const counts = Object.entries(parts).map(([name, count]) => `${count} on ${name}`);
  return [`it runs on ${provider}; of its operators ${counts.join(', ')}`];
}
