/** `rule`: what alerts are raised for, written as YAML; listed, changed, switched, and tried before it is switched on. */
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { FaultError } from '#models/schema/fault.ts';
import type { Rule, RuleDraft } from '#models/schema/rule.ts';
import type { RuleProblem, RuleView } from '#models/schema/rule-view.ts';
import { loadConfig } from '#system/config.ts';
import { type ApiClient, openApi } from '../api-client.ts';
import { ago, printRows, type Row } from '../print.ts';
import { editText } from '../rules/edit-text.ts';
import { type ReadRule, readRuleFile, readRules, tellFaults, told } from '../rules/read-rules.ts';
import { addQuietCommands } from './rule-quiet.ts';
import { addTryCommand } from './rule-try.ts';

type JsonOption = { json?: boolean };

/** How long a change waits for the word of the engine. */
const WAIT_S = 5;
const WAIT_OPTION = ['--wait <seconds>', 'for the word of the engine that it goes by it', Number, WAIT_S] as const;
type WaitOption = { wait: number };

export function addRuleCommands(program: Command): void {
  const rule = program.command('rule').description('What alerts are raised for: write rules, try them, switch them.');
  addShowing(rule);
  addWriting(rule);
  addSwitching(rule);
  addTryCommand(rule);
  addQuietCommands(rule);
}

function addShowing(rule: Command): void {
  rule
    .command('list')
    .description('Every rule with what the engine says of it.')
    .option('--json', 'machine-readable')
    .action(async ({ json }: JsonOption) => {
      const { rules } = await openApi(loadConfig()).json<{ rules: RuleView[] }>('GET', '/rules');
      if (json === true) return console.log(JSON.stringify(rules, null, 2));
      printRows(rules.map(rowOf), {
        columns: ['rule', 'version', 'severity', 'waits for', 'where', 'state', 'since', 'name'],
        isJson: false,
        none: 'There is no rule: ./sharp-eyes rule add rules.yaml',
      });
      for (const { id, state } of rules)
        if (state?.message !== undefined) console.log(`\n${id} is ${state.state}: ${state.message}  [${state.reason}]`);
    });

  rule
    .command('show')
    .description('A rule as YAML, which `rule add` takes.')
    .argument('<id>', 'id of the rule')
    .option('--rule-version <number>', 'a former version', Number)
    .option('--versions', 'lists the versions that are kept')
    .option('--json', 'machine-readable')
    .action(async (id: string, options: JsonOption & { ruleVersion?: number; versions?: boolean }) => {
      await showRule(openApi(loadConfig()), id, options);
    });
}

const rowOf = ({ id, version, severity, when, where, state, name, isEnabled }: RuleView): Row => ({
  rule: id,
  version,
  severity,
  'waits for': when.type,
  where: 'area' in where ? where.area : where.cameras.join(' '),
  state: stateText({ version, isEnabled, state }),
  since: state === null ? '' : ago(state.appliedAtMs),
  name,
});

/** What runs may still be the version before. */
function stateText({ version, isEnabled, state }: Pick<RuleView, 'version' | 'isEnabled' | 'state'>): string {
  if (state === null) return isEnabled ? 'not taken up yet' : 'disabled';
  return state.version === version ? state.state : `${state.state} (version ${state.version})`;
}

type ShowOptions = JsonOption & { ruleVersion?: number; versions?: boolean };

async function showRule(api: ApiClient, id: string, { json, ruleVersion, versions }: ShowOptions): Promise<void> {
  const isOfNow = ruleVersion === undefined && versions !== true;
  const all = isOfNow ? [] : (await api.json<{ versions: Rule[] }>('GET', `/rules/${id}/versions`)).versions;
  if (versions === true) {
    const rows = all.map(({ version, updatedAtMs, updatedBy, isEnabled }): Row => {
      return {
        version,
        changed: new Date(updatedAtMs).toISOString(),
        by: updatedBy,
        enabled: isEnabled ? 'yes' : 'no',
      };
    });
    const columns = ['version', 'changed', 'by', 'enabled'];
    return printRows(json === true ? (all as unknown as Row[]) : rows, { columns, isJson: json === true, none: '' });
  }
  const shown = isOfNow
    ? await api.json<RuleView>('GET', `/rules/${id}`)
    : all.find(({ version }) => version === ruleVersion);
  if (shown === undefined) throw new FaultError('not-found', `version ${ruleVersion} of rule "${id}" is not kept`);
  if (json === true) return console.log(JSON.stringify(shown, null, 2));
  console.log(asYaml(shown).trimEnd());
}

/** What a person wrote, without what the registry adds. */
function asYaml(rule: Rule | RuleView): string {
  const { version, updatedAtMs, updatedBy, ...rest } = rule;
  const { revision: _revision, state: _state, ...draft } = rest as Partial<RuleView>;
  const head = `# version ${version}, by ${updatedBy}, ${new Date(updatedAtMs).toISOString()}\n`;
  return head + stringify(draft, { flowCollectionPadding: false });
}

function addWriting(rule: Command): void {
  rule
    .command('add')
    .description('Adds the rules of a file, all of them or, where one is wrong, none.')
    .argument('<file>', 'YAML with one rule or many; - reads what comes in')
    .option('--replace', 'rules that exist are written anew; their versions grow where something is different')
    .option('--dry-run', 'only says what is wrong with them')
    .option(...WAIT_OPTION)
    .option('--json', 'machine-readable')
    .action(async (file: string, options: JsonOption & WaitOption & { replace?: boolean; dryRun?: boolean }) => {
      const api = openApi(loadConfig());
      const read = readRuleFile(file);
      await checkAll(read, api);
      const { rules: known } = await api.json<{ rules: RuleView[] }>('GET', '/rules');
      const before = new Map(known.map((one) => [one.id, one]));
      const taken = read.filter(({ draft }) => before.has(draft.id));
      if (taken.length > 0 && options.replace !== true) {
        const cure = 'Choose another id, or say --replace.';
        throw new FaultError('already-exists', told(taken[0]!, [{ path: '/id', message: 'exists already' }])[0]!, {
          cure,
        });
      }
      if (options.dryRun === true) return console.log(`${read.length} rules are right; nothing was written`);
      const written: RuleView[] = [];
      for (const { draft } of read)
        written.push(await writeOne(draft, before.get(draft.id), { api, waitS: options.wait }));
      tell(written, before, options);
    });

  rule
    .command('edit')
    .description('Opens a rule in your editor ($VISUAL or $EDITOR) and writes it back, unless somebody was faster.')
    .argument('<id>', 'id of the rule')
    .action(async (id: string) => {
      const api = openApi(loadConfig());
      const before = await api.json<RuleView>('GET', `/rules/${id}`);
      const text = await editText(asYaml(before), `${id}.yaml`);
      const [read] = readRules(text, `${id}.yaml`);
      if (read === undefined || read.draft.id !== id)
        throw new FaultError('rule-file-invalid', `the id has to stay "${id}": add it as a rule of its own instead`);
      await checkAll([read], api);
      tell([await writeOne(read.draft, before, { api, waitS: WAIT_S })], new Map([[id, before]]), {});
    });

  rule
    .command('remove')
    .description('Removes a rule; its alerts stay.')
    .argument('<id>', 'id of the rule')
    .action(async (id: string) => {
      await openApi(loadConfig()).request('DELETE', `/rules/${id}`);
      console.log(`${id} is removed`);
    });
}

/** The site knows cameras and areas, and which are calibrated. */
async function checkAll(read: readonly ReadRule[], api: ApiClient): Promise<void> {
  const faults: string[] = [];
  for (const one of read) {
    const { problems } = await api.json<{ problems: RuleProblem[] }>('POST', '/rule-checks', one.draft);
    faults.push(...told(one, problems).map((text, index) => `${text}  [${problems[index]?.code}]`));
  }
  tellFaults(faults);
}

type Writing = { api: ApiClient; waitS: number };

function writeOne(draft: RuleDraft, before: RuleView | undefined, { api, waitS }: Writing): Promise<RuleView> {
  if (before === undefined) return api.json<RuleView>('POST', `/rules?wait=${waitS}`, draft);
  const ifMatch = { 'if-match': `"${before.revision}"` };
  return api.json<RuleView>('PUT', `/rules/${draft.id}?wait=${waitS}`, draft, ifMatch);
}

function tell(written: readonly RuleView[], before: ReadonlyMap<string, RuleView>, { json }: JsonOption): void {
  if (json === true) console.log(JSON.stringify(written, null, 2));
  for (const view of json === true ? [] : written) {
    const former = before.get(view.id)?.version;
    const what = former === undefined ? 'is added' : former === view.version ? 'stays as it was' : 'is changed';
    const message = view.state?.message === undefined ? '' : `: ${view.state.message}`;
    console.log(`${view.id} ${what}, version ${view.version}, ${stateText(view)}${message}`);
  }
}

function addSwitching(rule: Command): void {
  const kinds = [
    ['enable', true, 'Switches a rule on.'],
    ['disable', false, 'Switches a rule off; it stays written.'],
  ] as const;
  for (const [name, isEnabled, description] of kinds) {
    rule
      .command(name)
      .description(description)
      .argument('<id...>', 'ids of rules')
      .option(...WAIT_OPTION)
      .action(async (ids: string[], { wait }: WaitOption) => {
        const api = openApi(loadConfig());
        for (const id of ids) {
          const view = await api.json<RuleView>('PATCH', `/rules/${id}?wait=${wait}`, { isEnabled });
          console.log(`${id} is ${isEnabled ? 'on' : 'off'}: version ${view.version}, ${stateText(view)}`);
        }
      });
  }
}
