/** A channel while it is written: what the API takes, from what it showed, and which field a refusal is about. */
import type { ChannelInput, ChannelView } from '#models/schema/channel.ts';
import { ApiProblemError } from '../api-client.ts';

export type ChannelType = ChannelInput['type'];

export function newChannel(type: ChannelType): ChannelInput {
  const shared = { name: '', area: null, isEnabled: true };
  return type === 'webhook'
    ? { ...shared, type, url: 'https://' }
    : { ...shared, type, url: 'mqtts://', topic: 'sharp-eyes/alerts' };
}

/** The secrets stay where they are: what is not sent is kept. */
export function draftOfChannel({ state: _state, createdBy: _by, updatedAtMs: _at, id: _id, ...rest }: ChannelView) {
  return rest as ChannelInput;
}

/** The draft with a field set, or without it where it is empty: the API knows "absent", not "". */
export function withField(draft: ChannelInput, name: string, value: unknown): ChannelInput {
  const rest = Object.fromEntries(Object.entries(draft).filter(([key]) => key !== name));
  const isAbsent = value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
  return { ...rest, ...(isAbsent ? {} : { [name]: value }) } as ChannelInput;
}

export type FieldFault = { fields: ReadonlyMap<string, string>; rest: unknown };

/** The API's sentences by the field that each is about, `plain` in place of the commonest; `rest`: about no field. */
export function byField(problem: unknown, plain: { missing?: string; url?: string } = {}): FieldFault {
  if (!(problem instanceof ApiProblemError)) return { fields: new Map(), rest: problem };
  const { code, detail } = problem.problem;
  if (code === 'channel-inner') return { fields: new Map([['url', detail]]), rest: undefined };
  const fields = new Map<string, string>();
  for (const sentence of detail.split('; ')) {
    const name = /^body\.(\w+)/.exec(sentence)?.[1];
    if (name === undefined || fields.has(name)) continue;
    const isEmpty = sentence.includes('fewer than 1 characters');
    const said = isEmpty ? plain.missing : name === 'url' ? plain.url : undefined;
    fields.set(name, said ?? sentence.replace(/^body\./, ''));
  }
  return fields.size === 0 ? { fields, rest: problem } : { fields, rest: undefined };
}
