/** Reads WS-Discovery answers: ProbeMatches, Hello and Bye, of any SOAP version, broken or not, in UTF-8 or GBK. */
import sax from 'sax';

export type Announcement = {
  kind: 'match' | 'hello' | 'bye';
  /** Without `urn:uuid:`, in lower case. */
  endpoint: string | undefined;
  /** `namespace name`, as far as the prefix is declared. */
  types: readonly string[];
  /** As they came, still percent-encoded. */
  scopes: readonly string[];
  xaddrs: readonly string[];
  /** The question it answers. */
  relatesTo: string | undefined;
};

/** A decent answer has 1 to 4 kB. */
export const ANSWER_BYTES_MAX = 32 * 1024;
const DEPTH_MAX = 64;
const MATCHES_MAX = 16;
const ITEMS_MAX = 200;

const KINDS: Partial<Record<string, Announcement['kind']>> = { probematch: 'match', hello: 'hello', bye: 'bye' };

type Draft = { kind: Announcement['kind']; texts: Record<string, string> };

/** An empty list for what is no answer. What comes before a break in the XML counts; sax expands no declared entities. */
export function readAnswer(bytes: Uint8Array): Announcement[] {
  if (bytes.length > ANSWER_BYTES_MAX) return [];
  const prefixes = new Map<string, string>();
  const path: string[] = [];
  const drafts: Draft[] = [];
  let relatesTo = '';
  const parser = sax.parser(false, { lowercase: true, position: false });
  parser.onerror = () => {
    (parser as { error: Error | null }).error = null;
  };
  parser.onattribute = ({ name, value }) => {
    const prefix = /^xmlns:?(.*)$/.exec(name)?.[1];
    if (prefix !== undefined) prefixes.set(prefix, value);
  };
  parser.onopentag = ({ name }) => {
    const local = localName(name);
    path.push(local);
    const kind = KINDS[local];
    if (kind !== undefined && drafts.length < MATCHES_MAX && path.length <= DEPTH_MAX) drafts.push({ kind, texts: {} });
  };
  parser.onclosetag = () => void path.pop();
  const take = (text: string) => {
    const [inside, at] = [path.at(-2), path.at(-1) ?? ''];
    const draft = drafts.at(-1);
    if (at === 'relatesto') relatesTo += text;
    else if (draft !== undefined && (at !== 'address' || inside === 'endpointreference')) {
      draft.texts[at] = `${draft.texts[at] ?? ''}${text}`;
    }
  };
  parser.ontext = take;
  parser.oncdata = take;
  parser.write(decodeText(bytes)).close();
  return drafts.map((draft) => finish(draft, { prefixes, relatesTo }));
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function finish(
  { kind, texts }: Draft,
  { prefixes, relatesTo }: { prefixes: Map<string, string>; relatesTo: string },
): Announcement {
  const endpoint = uuidIn(texts.address);
  return {
    kind,
    endpoint: endpoint === '' ? undefined : endpoint,
    types: words(texts.types).map((type) => {
      const colon = type.indexOf(':');
      return `${prefixes.get(type.slice(0, Math.max(0, colon)).toLowerCase()) ?? ''} ${type.slice(colon + 1)}`.trim();
    }),
    scopes: words(texts.scopes),
    xaddrs: words(texts.xaddrs),
    relatesTo: relatesTo.trim() === '' ? undefined : uuidIn(relatesTo),
  };
}

export const uuidIn = (text = '') =>
  text
    .trim()
    .toLowerCase()
    .replace(/^(?:urn:)?(?:uuid:)?/, '')
    .slice(0, 200);

const words = (text = '') => text.split(/\s+/).filter(Boolean).slice(0, ITEMS_MAX);

/** UTF-8 where it is; else GBK, which makes of China send with or without saying so. */
export function decodeText(bytes: Uint8Array): string {
  const declared = /encoding=["'](gb[\w-]*)/i.exec(Buffer.from(bytes.subarray(0, 100)).toString('latin1'));
  if (declared === null) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      // Below.
    }
  }
  return new TextDecoder('gb18030').decode(bytes);
}
