/** XML written by functions: `tag('tt:Name', 'gate')`, `tag('tt:Bounds', [], { x: 0 })`. */

export type Value = string | number | boolean;
/** Markup that is ready, as opposed to text that has to be escaped. */
export type Markup = { markup: string };
export type Content = Value | Markup | readonly (Markup | undefined)[];

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function tag(name: string, content: Content, attributes: Record<string, Value | undefined> = {}): Markup {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const head = [name, ...given.map(([key, value]) => `${key}="${escapeXml(String(value))}"`)].join(' ');
  const body = markupOf(content);
  return { markup: body === '' ? `<${head}/>` : `<${head}>${body}</${name}>` };
}

function markupOf(content: Content): string {
  if (typeof content !== 'object') return escapeXml(String(content));
  if ('markup' in content) return content.markup;
  return content.map((part) => part?.markup ?? '').join('');
}

/** Text elements of one prefix, in the order of the record. */
export function fields(prefix: string, values: Record<string, Value | undefined>): Markup[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [tag(`${prefix}:${name}`, value)],
  );
}
