/** `grid remove`: an area that nobody needs any more. */
import type { Command } from 'commander';
import type { AreaRemoval } from '#models/schema/area-removal.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';

type RemoveOptions = { withBelow?: boolean; althoughPublished?: boolean; dryRun?: boolean; json?: boolean };

const LISTED_MAX = 20;

export function addAreaRemoveCommand(grid: Command): void {
  grid
    .command('remove')
    .description('Removes an area, unless cameras, scopes or the published division in force need it.')
    .argument('<id>')
    .option('--with-below', 'and every area below it')
    .option('--although-published', 'although the newest published version has it; that version keeps it')
    .option('--dry-run', 'say what would go, or what needs it, and change nothing')
    .option('--json', 'machine-readable')
    .action(removeArea);
}

async function removeArea(id: string, { json, ...options }: RemoveOptions): Promise<void> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) query.set(name, String(value));
  const path = `/areas/${encodeURIComponent(id)}?${query}`;
  const { isDryRun, removed, totals } = await openApi(loadConfig()).json<AreaRemoval>('DELETE', path);
  if (json === true) return console.log(JSON.stringify({ isDryRun, removed, totals }, null, 2));
  const names = removed.slice(0, LISTED_MAX).join(', ');
  const more = removed.length > LISTED_MAX ? `, and ${removed.length - LISTED_MAX} more` : '';
  const gone = totals === 0 ? '' : `, and with them ${totals} imported totals`;
  console.log(`${isDryRun ? 'would be removed' : 'removed'}: ${names}${more}${gone}`);
}
