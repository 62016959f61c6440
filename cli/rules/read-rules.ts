/** Reads a file of rules in YAML (or JSON): one rule, a list, `rules:` with a list, or several documents; faults name the line. */
import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isPair, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { FaultError } from '#models/schema/fault.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import { draftFaults } from '#models/schema/rule-faults.ts';

export type ReadRule = {
  draft: RuleDraft;
  /** `rules.yaml:12` of a JSON pointer into the rule, or of the nearest thing around it. */
  placeOf: (path: string) => string;
};

export type PlacedFault = { path: string; message: string };

const FAULTS_TOLD = 12;
const BYTES_MAX = 4 * 1024 ** 2;

export function readRuleFile(file: string): ReadRule[] {
  return readRules(textOf(file), file);
}

function textOf(file: string): string {
  try {
    // `-` is what comes in.
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    if (text.length <= BYTES_MAX) return text;
    throw new Error(`it has ${text.length} bytes, more than ${BYTES_MAX}`);
  } catch (cause) {
    throw new FaultError('rule-file-invalid', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Throws FaultError `rule-file-invalid` for what is no YAML, `rule-invalid` for what is no rule, each with the line. */
export function readRules(text: string, file: string): ReadRule[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const read: ReadRule[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const [fault] = document.errors;
    if (fault !== undefined) {
      const { line, col } = lines.linePos(fault.pos[0]);
      throw new FaultError('rule-file-invalid', `${file}:${line}:${col}: ${fault.message}`);
    }
    for (const node of ruleNodes(document)) read.push(asRule(node, { document, file, lines }));
  }
  if (read.length === 0) throw new FaultError('rule-file-invalid', `${file} holds no rule`);
  tellFaults(read.flatMap((rule) => told(rule, draftFaults(rule.draft))));
  tellTwins(read);
  return read;
}

/** Throws FaultError `rule-invalid` with a sentence per fault; nothing where there is none. */
export function tellFaults(sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  const more = sentences.length > FAULTS_TOLD ? `\n  and ${sentences.length - FAULTS_TOLD} more` : '';
  throw new FaultError('rule-invalid', `${sentences.slice(0, FAULTS_TOLD).join('\n  ')}${more}`);
}

export const told = ({ placeOf }: ReadRule, faults: readonly PlacedFault[]): string[] =>
  faults.map(
    ({ path, message }) => `${placeOf(path)}: ${path === '' ? 'it' : path.slice(1).replaceAll('/', '.')} ${message}`,
  );

function ruleNodes({ contents }: Document.Parsed): Node[] {
  const isList = isMap(contents) && contents.items.length === 1 && contents.has('rules');
  const node = isList ? contents.get('rules', true) : contents;
  if (isSeq(node)) return node.items.filter(isNode);
  return isNode(node) ? [node] : [];
}

type Around = { document: Document.Parsed; file: string; lines: LineCounter };

function asRule(node: Node, { document, file, lines }: Around): ReadRule {
  const value = node.toJS(document) as Record<string, unknown> | null;
  const isRule = typeof value === 'object' && value !== null && !Array.isArray(value);
  // What a person leaves away: a rule is on, and is called as its id.
  const draft = isRule ? { name: value.id, isEnabled: true, ...value } : value;
  return {
    draft: draft as RuleDraft,
    placeOf: (path) => `${file}:${lines.linePos(startOf(node, path.split('/').slice(1))).line}`,
  };
}

/** Where the thing at the path begins, or the last thing on the way to it that is there. */
function startOf(node: Node, path: readonly string[]): number {
  const start = node.range?.[0] ?? 0;
  const [step, ...rest] = path;
  if (step === undefined) return start;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return isNode(item) ? startOf(item, rest) : start;
  }
  if (!isMap(node)) return start;
  const pair = node.items.find((one) => isPair(one) && String(one.key) === step);
  if (pair === undefined) return start;
  if (rest.length > 0 && isNode(pair.value)) return startOf(pair.value, rest);
  return isNode(pair.key) ? (pair.key.range?.[0] ?? start) : start;
}

function tellTwins(read: readonly ReadRule[]): void {
  const seen = new Set<string>();
  for (const { draft, placeOf } of read) {
    if (seen.has(draft.id))
      throw new FaultError('rule-file-invalid', `${placeOf('/id')}: "${draft.id}" stands there twice`);
    seen.add(draft.id);
  }
}
