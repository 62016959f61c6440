/** `model evaluate`: how well a model finds what is in labelled pictures, and how long it takes. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Evaluation } from '#models/detectors/evaluate/evaluate.ts';
import { loadConfig } from '#system/config.ts';
import { printRows } from '../print.ts';
import { PROVIDER_OPTION, providersOf, sayFallback } from '../providers.ts';

type Options = { truth: string[]; scoreMin?: number; every: number; html?: string; provider?: string; json?: boolean };

export function addEvaluateCommand(model: Command): void {
  model
    .command('evaluate')
    .description(
      'Measures a model on labelled pictures: accuracy per kind and size, the best thresholds, time a picture.',
    )
    .argument('[name]', 'name of the catalog, or a path; absent: the one in use')
    .requiredOption(
      '--truth <path...>',
      'pictures with NAME.txt or NAME.xml; images/ with labels/; NAME.gt.txt beside a clip; NAME.jsonl of a rendered shot',
    )
    .option('--score-min <number>', 'threshold to tell precision and recall at; absent: the manifest’s', Number)
    .option('--every <number>', 'takes each so-manieth picture', Number, 1)
    .option(...PROVIDER_OPTION)
    .option('--html <file>', 'writes a page with curves')
    .option('--json', 'machine-readable')
    .action(evaluate);
}

async function evaluate(name: string | undefined, options: Options): Promise<void> {
  const config = loadConfig();
  const providers = providersOf(options.provider, config);
  const { resolveModel } = await import('#models/catalog/resolve.ts');
  const { openDetector } = await import('#models/detectors/open.ts');
  const { evaluateDetector } = await import('#models/detectors/evaluate/evaluate.ts');
  const { readTruths } = await import('#models/detectors/evaluate/truth/read-truth.ts');
  const found = resolveModel({ ...config, name: name ?? config.model });
  await using detector = await openDetector({ ...found, providers });
  const { scoreMin } = options;
  const evaluation = await evaluateDetector(detector, readTruths(options.truth, options.every), { scoreMin });
  const { provider } = detector.runtime;
  const said = { model: detector.manifest.name, truth: options.truth.join(', '), provider };
  sayFallback(said.model, detector.runtime);
  if (options.html !== undefined) {
    const { chartPage } = await import('#models/detectors/evaluate/chart.ts');
    writeFileSync(options.html, chartPage(evaluation, said));
  }
  if (options.json === true) console.log(JSON.stringify({ ...said, ...evaluation }, null, 2));
  else print(evaluation, said);
}

const COLUMNS = [
  'kind',
  'labels',
  'AP50',
  'AP50:95',
  'small',
  'medium',
  'large',
  'at',
  'precision',
  'recall',
  'best at',
  'best precision',
  'best recall',
];

type Said = { model: string; truth: string; provider: string };

function print(evaluation: Evaluation, { model, truth, provider }: Said): void {
  const { pictures, medianMs, kinds, meanAp50, meanAp50to95 } = evaluation;
  const on = provider === 'cpu' ? 'one thread' : provider;
  console.log(`${model} on ${truth}: ${pictures} pictures, half of them within ${medianMs.toFixed(1)} ms (${on})`);
  const three = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(3));
  const rows = kinds.map(({ kind, labels, ap50, ap50to95, ap50BySize, chosen, best }) => ({
    kind,
    labels,
    AP50: three(ap50),
    'AP50:95': three(ap50to95),
    small: three(ap50BySize.small?.ap50),
    medium: three(ap50BySize.medium?.ap50),
    large: three(ap50BySize.large?.ap50),
    at: chosen.scoreMin.toFixed(2),
    precision: chosen.precision.toFixed(2),
    recall: chosen.recall.toFixed(2),
    'best at': best.scoreMin.toFixed(2),
    'best precision': best.precision.toFixed(2),
    'best recall': best.recall.toFixed(2),
  }));
  printRows(rows, { columns: COLUMNS, isJson: false, none: 'No picture has a label of a kind of ours.' });
  console.log(`mean over kinds: AP50 ${three(meanAp50)}, AP50:95 ${three(meanAp50to95)}`);
}
