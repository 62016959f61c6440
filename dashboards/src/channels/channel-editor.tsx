/** A channel as a form: where it leads, what it carries, how much; tested, switched on and off, removed. */
import { useState } from 'react';
import { type ChannelInput, type ChannelTest, type ChannelView, EVENT_NAMES } from '#models/schema/channel.ts';
import { SEVERITIES } from '#models/schema/severity.ts';
import type { AreaCollection } from '../map/areas.ts';
import { Several } from '../rules/condition-fields.tsx';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { faultWords, ProblemText } from '../workspace/problem-text.tsx';
import { hrefOf } from '../workspace/view.ts';
import { byField, withField } from './channel-draft.ts';
import { type ChannelWritten, channelsApi } from './channels-api.ts';
import { Field } from './field.tsx';
import { KindFields } from './kind-fields.tsx';

const PER_MINUTE_MAX = 600;

type EditorProps = {
  first: ChannelInput;
  view: ChannelView | undefined;
  areas: AreaCollection | undefined;
  mayChange: boolean;
  onWritten: (written: ChannelWritten) => void;
  onRemoved: () => void;
};

export function ChannelEditor({ first, view, areas, mayChange, onWritten, onRemoved }: EditorProps) {
  const words = useWords();
  const said = words.channels;
  const [draft, setDraft] = useState(first);
  const set = (name: string, value: unknown) => setDraft((was) => withField(was, name, value));
  const { act, failure, done, isBusy } = useActs();
  const { fields, rest } = byField(failure, { missing: said.missing, url: said.malformed[draft.type] });
  const save = (input: ChannelInput) =>
    act('saved', async () => {
      const written = view === undefined ? await channelsApi.add(input) : await channelsApi.change(view.id, input);
      if (view === undefined) location.hash = hrefOf('channels', written.channel.id);
      onWritten(written);
    });
  const isOn = view?.isEnabled === true;
  return (
    <form className="rule-editor outlet-editor" onSubmit={(event) => event.preventDefault()}>
      <fieldset className="outlet-fields" disabled={!mayChange}>
        <div className="rule-fields">
          <Field label={said.name} problem={fields.get('name')}>
            <input
              maxLength={200}
              value={draft.name}
              onChange={({ target }) => setDraft({ ...draft, name: target.value })}
            />
          </Field>
          <Field label={said.area} problem={fields.get('area')}>
            <select
              value={draft.area ?? ''}
              onChange={({ target }) => setDraft({ ...draft, area: target.value === '' ? null : target.value })}
            >
              <option value="">{said.everywhere}</option>
              {areas?.features.map(({ properties: { id, name } }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <KindFields draft={draft} view={view} problems={fields} set={set} />
        <Choice label={said.severities}>
          <Several
            label={said.severities}
            values={SEVERITIES}
            chosen={draft.severities ?? SEVERITIES}
            nameOf={(each) => words.alerts.severities[each]}
            onChange={(chosen) => set('severities', chosen.length === SEVERITIES.length ? [] : chosen)}
          />
        </Choice>
        <Choice label={said.events}>
          <Several
            label={said.events}
            values={EVENT_NAMES}
            chosen={draft.events ?? ['alert']}
            nameOf={(each) => said.eventNames[each]}
            onChange={(chosen) => set('events', chosen)}
          />
        </Choice>
        <Field label={said.perMinute} note={said.perMinuteNote} problem={fields.get('perMinuteMax')} isWide={false}>
          <input
            type="number"
            min={1}
            max={10_000}
            value={draft.perMinuteMax ?? PER_MINUTE_MAX}
            onChange={({ target }) => set('perMinuteMax', target.value === '' ? '' : Number(target.value))}
          />
        </Field>
      </fieldset>
      {rest !== undefined && (
        <div role="alert" className="step-problem">
          <ProblemText error={rest} />
        </div>
      )}
      <Outcome done={done} />
      {mayChange ? (
        <div className="rule-buttons">
          <button
            type="button"
            className={isOn ? 'button-primary' : 'button-plain'}
            disabled={isBusy}
            onClick={() => void save(view === undefined ? { ...draft, isEnabled: false } : draft)}
          >
            {said.save}
          </button>
          <button
            type="button"
            className={isOn ? 'button-plain' : 'button-primary'}
            disabled={isBusy}
            onClick={() => {
              const switched = { ...draft, isEnabled: !isOn };
              setDraft(switched);
              void save(switched);
            }}
          >
            {isOn ? said.switchOff : said.switchOn}
          </button>
          {view !== undefined && (
            <>
              <button
                type="button"
                className="button-plain"
                disabled={isBusy}
                onClick={() => void act('tested', () => channelsApi.test(view.id))}
              >
                {said.test}
              </button>
              <button
                type="button"
                className="button-quiet"
                disabled={isBusy}
                onClick={() =>
                  confirm(said.removeSure) && void act('removed', () => channelsApi.remove(view.id).then(onRemoved))
                }
              >
                {said.remove}
              </button>
            </>
          )}
        </div>
      ) : (
        <p className="muted">{said.mayNotChange}</p>
      )}
    </form>
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="rule-field outlet-field">
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  );
}

type Done = { what: 'saved' | 'tested' | 'removed'; answer: unknown };

function Outcome({ done }: { done: Done | undefined }) {
  const words = useWords();
  const said = words.channels;
  if (done?.what === 'saved') return <p role="status">{said.saved}</p>;
  if (done?.what !== 'tested') return null;
  const { isDelivered, tookMs, message, ...fault } = done.answer as ChannelTest;
  if (isDelivered)
    return (
      <p role="status" className="outlet-good">
        {said.testDelivered(formatNumber(tookMs, words))}
      </p>
    );
  const { cure } = faultWords(fault, words);
  return (
    <div role="alert" className="step-problem problem">
      <p className="problem-title">{said.testFailed}</p>
      <p>{message}</p>
      {cure !== undefined && <p className="problem-cure">{cure}</p>}
    </div>
  );
}

/** One thing at a time; what came of the last one stays until the next begins. */
function useActs() {
  const [failure, setFailure] = useState<unknown>();
  const [done, setDone] = useState<Done>();
  const [isBusy, setIsBusy] = useState(false);
  const act = async (what: Done['what'], doIt: () => Promise<unknown>) => {
    setIsBusy(true);
    setFailure(undefined);
    setDone(undefined);
    try {
      setDone({ what, answer: await doIt() });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setIsBusy(false);
    }
  };
  return { act, failure, done, isBusy };
}
