/** Writes the city's trace job: `main.ts LIBRARY FOLDER [--stills N] [--views crossing,shops] [--variants main,night]`. */
import { parseArgs } from 'node:util';
import { VIEWS } from '#demo/world/views.ts';
import { readTroupe } from './library-troupe.ts';
import { writeJob } from './write-job.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { stills: { type: 'string', default: '0' }, views: { type: 'string' }, variants: { type: 'string' } },
});
const [library, folder] = positionals;
if (library === undefined || folder === undefined) {
  process.stderr.write('usage: main.ts LIBRARY FOLDER [--stills N] [--views IDS] [--variants IDS]\n');
  process.exit(2);
}
const wanted = values.views?.split(',');
writeJob({
  folder,
  views: VIEWS.filter(({ id }) => wanted === undefined || wanted.includes(id)),
  troupe: readTroupe(library),
  stills: Number(values.stills),
  ...(values.variants === undefined ? {} : { variants: values.variants.split(',') }),
});
