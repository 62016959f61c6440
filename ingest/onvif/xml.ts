/** XML of strangers → a tree by local names: no DTD, no entities but the five, bounded depth and size, whole or refused. */
import sax from 'sax';

export type XmlElement = {
  /** Without its prefix: makes choose prefixes as they like, and some forget to declare them. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  /** Its own text, trimmed. Numbers stay text: serial numbers have leading zeros. */
  text: string;
};

/** What cannot be read as XML of ours; `message` says why. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const DEPTH_MAX = 64;
/** Elements and attributes together; a recorder of 128 channels with three profiles each needs about 40,000. */
const NODES_MAX = 50_000;

/** Of entities only the five of XML; the types of sax do not know the option. */
const OPTIONS = { strictEntities: true } as sax.SAXOptions;

type Limits = { depthMax?: number; nodesMax?: number };

/** What comes after the root is ignored; a root that is not closed is refused. Throws XmlError. */
export function parseXml(text: string, { depthMax = DEPTH_MAX, nodesMax = NODES_MAX }: Limits = {}): XmlElement {
  const parser = sax.parser(true, OPTIONS);
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let isWhole = false;
  let nodes = 0;
  const refuse = (why: string) => {
    throw new XmlError(why);
  };
  parser.onerror = (error) => {
    if (!isWhole) refuse(error.message.split('\n')[0] ?? 'it is not well-formed');
  };
  parser.ondoctype = () => refuse('it declares a document type, which may hide entities');
  parser.onopentag = ({ name, attributes }) => {
    if (isWhole) return;
    nodes += 1 + Object.keys(attributes).length;
    if (nodes > nodesMax) refuse(`it has more than ${nodesMax} elements`);
    if (open.length >= depthMax) refuse(`it is nested deeper than ${depthMax}`);
    const element: XmlElement = { name: localName(name), attributes: byLocalName(attributes), children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  };
  const addText = (piece: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    const element = open.pop();
    if (element !== undefined) element.text = element.text.trim();
    if (open.length === 0 && root !== undefined) isWhole = true;
  };
  // In pieces, so that nothing is read of what comes after the root.
  for (let at = 0; at < text.length && !isWhole; at += 16_384) parser.write(text.slice(at, at + 16_384));
  if (!isWhole || root === undefined) throw new XmlError('it ends in the middle');
  return root;
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function byLocalName(attributes: Record<string, unknown>): Record<string, string> {
  const named = Object.entries(attributes).map(([name, value]) => [localName(name), String(value)]);
  return Object.assign(Object.create(null), Object.fromEntries(named)) as Record<string, string>;
}

/** The first descendant along a path of local names; undefined where one is not there. */
export function find(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

export function findAll(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The text at the end of a path; undefined where there is none. */
export function textAt(element: XmlElement | undefined, ...path: string[]): string | undefined {
  const text = find(element, ...path)?.text;
  return text === '' ? undefined : text;
}

/** A number at the end of a path; undefined where there is none, or no number. */
export function numberAt(element: XmlElement | undefined, ...path: string[]): number | undefined {
  const value = Number(textAt(element, ...path) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Bytes → text by the charset of the header, of the declaration, else UTF-8; what is no UTF-8 is taken as GBK. */
export function decodeXml(bytes: Uint8Array, contentType = ''): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const named = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? /<\?xml[^>]*encoding=["']([\w-]+)/.exec(head)?.[1];
  for (const label of [named, 'utf-8', 'gbk']) {
    try {
      if (label !== undefined) return new TextDecoder(label, { fatal: true }).decode(bytes);
    } catch {
      // Not this one, whatever it says of itself.
    }
  }
  return new TextDecoder().decode(bytes);
}
