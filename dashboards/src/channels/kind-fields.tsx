/** The fields that a webhook has and an MQTT channel has not, and the other way round. */
import type { ChannelInput, ChannelView } from '#models/schema/channel.ts';
import { useWords } from '../words/language.tsx';
import { Field } from './field.tsx';

type KindProps = {
  draft: ChannelInput;
  view: ChannelView | undefined;
  problems: ReadonlyMap<string, string>;
  set: (name: string, value: unknown) => void;
};

export function KindFields({ draft, view, problems, set }: KindProps) {
  const said = useWords().channels;
  const secretNote = view === undefined ? said.secretNew : said.secretKept;
  const url = (
    <Field label={said.url} problem={problems.get('url')}>
      <input
        type="url"
        maxLength={2000}
        spellCheck={false}
        value={draft.url}
        onChange={({ target }) => set('url', target.value)}
      />
    </Field>
  );
  if (draft.type === 'webhook') {
    return (
      <div className="rule-fields">
        {url}
        <Field label={said.secret} note={secretNote} problem={problems.get('secret')}>
          <input
            type="password"
            autoComplete="new-password"
            maxLength={200}
            value={draft.secret ?? ''}
            onChange={({ target }) => set('secret', target.value)}
          />
        </Field>
        <Field label={said.format} problem={problems.get('format')}>
          <select value={draft.format ?? 'cloudevents'} onChange={({ target }) => set('format', target.value)}>
            <option value="cloudevents">{said.formats.cloudevents}</option>
            <option value="cap">{said.formats.cap}</option>
          </select>
        </Field>
      </div>
    );
  }
  return (
    <>
      <div className="rule-fields">
        {url}
        <Field label={said.topic} problem={problems.get('topic')}>
          <input maxLength={200} value={draft.topic} onChange={({ target }) => set('topic', target.value)} />
        </Field>
      </div>
      <div className="rule-fields">
        <Field label={said.user} problem={problems.get('user')}>
          <input autoComplete="off" value={draft.user ?? ''} onChange={({ target }) => set('user', target.value)} />
        </Field>
        <Field
          label={said.password}
          problem={problems.get('password')}
          {...(view === undefined ? {} : { note: said.secretKept })}
        >
          <input
            type="password"
            autoComplete="new-password"
            value={draft.password ?? ''}
            onChange={({ target }) => set('password', target.value)}
          />
        </Field>
      </div>
      <label className="outlet-check">
        <input
          type="checkbox"
          checked={draft.isHomeAssistant ?? false}
          onChange={({ target }) => set('isHomeAssistant', target.checked ? true : undefined)}
        />
        {said.homeAssistant}
      </label>
    </>
  );
}
