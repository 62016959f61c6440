/** A rule as a form: what, where (drawn), limits, when, how loud; tried on the past before it is switched on. */
import { useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import type { TriedRule } from '#models/schema/rule-try.ts';
import type { RuleView } from '#models/schema/rule-view.ts';
import type { Severity } from '#models/schema/severity.ts';
import type { Corner } from '../cameras/picture-corner.tsx';
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { hrefOf } from '../workspace/view.ts';
import { ConditionEditor } from './condition-editor.tsx';
import { KINDS, Several } from './condition-fields.tsx';
import { idFor } from './drafts.ts';
import { draftOf, rulesApi } from './rules-api.ts';
import { ScheduleFields } from './schedule-fields.tsx';
import { TryPanel } from './try-panel.tsx';

const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'info'];
const COOLDOWN_S = 60;

type EditorProps = {
  first: RuleDraft;
  view: RuleView | undefined;
  taken: ReadonlySet<string>;
  cameras: readonly CameraView[];
  areas: AreaCollection | undefined;
  zone: string;
  mayChange: boolean;
  onChanged: () => void;
};

/** Foot points of the tracks of an example. */
const waysOf = (sample: TriedRule['samples'][number] | null): Corner[][] =>
  (sample?.tracks ?? []).map(({ points }) =>
    points.map(({ box: [x = 0, y = 0, width = 0, height = 0] }) => [x + width / 2, y + height] as Corner),
  );

export function RuleEditor({ first, view, taken, cameras, areas, zone, mayChange, onChanged }: EditorProps) {
  const words = useWords();
  const said = words.rules;
  const [draft, setDraft] = useState(first);
  const [sample, setSample] = useState<TriedRule['samples'][number] | null>(null);
  const set = (change: Partial<RuleDraft>) => setDraft((was) => ({ ...was, ...change }));
  const drop = (name: keyof RuleDraft) =>
    setDraft((was) => Object.fromEntries(Object.entries(was).filter(([key]) => key !== name)) as RuleDraft);
  const cameraId = 'cameras' in draft.where ? draft.where.cameras[0] : undefined;
  const scene = { camera: cameras.find(({ id }) => id === cameraId), cameras, areas, ways: waysOf(sample) };
  const { save, remove, failure, isSaved, isBusy } = useSaving({ view, taken, onChanged });
  return (
    <form className="rule-editor" onSubmit={(event) => event.preventDefault()}>
      {view?.state?.state === 'quarantined' && (
        <div className="step-problem" role="status">
          <p className="problem-title">{said.states.quarantined}</p>
          <p>{view.state.message}</p>
        </div>
      )}
      {view?.precision?.proposal !== undefined && <p className="rule-noisy-note">{view.precision.proposal}</p>}
      <div className="rule-fields">
        <label className="rule-field is-wide">
          <span>{said.name}</span>
          <input required maxLength={200} value={draft.name} onChange={({ target }) => set({ name: target.value })} />
        </label>
        <WhereFields draft={draft} cameras={cameras} areas={areas} onWhere={(where) => set({ where })} />
        <label className="rule-field">
          <span>{said.severity}</span>
          <select value={draft.severity} onChange={({ target }) => set({ severity: target.value as Severity })}>
            {SEVERITIES.map((each) => (
              <option key={each} value={each}>
                {words.alerts.severities[each]}
              </option>
            ))}
          </select>
        </label>
        <label className="rule-field">
          <span>{said.cooldown}</span>
          <span>
            <input
              type="number"
              min={0}
              max={86_400}
              value={draft.cooldownS ?? COOLDOWN_S}
              onChange={({ target }) => set({ cooldownS: Number(target.value) })}
            />
            <i>{said.units.s}</i>
          </span>
        </label>
      </div>
      <Several
        label={said.kinds}
        values={KINDS}
        chosen={draft.kinds ?? KINDS}
        nameOf={(kind) => words.kinds[kind]}
        onChange={(kinds) => (kinds.length === 0 || kinds.length === KINDS.length ? drop('kinds') : set({ kinds }))}
      />
      <ConditionEditor condition={draft.when} scene={scene} onChange={(when) => set({ when })} />
      <h3>{said.schedule}</h3>
      <ScheduleFields
        schedule={draft.schedule}
        zone={zone}
        onChange={(schedule) => (schedule === undefined ? drop('schedule') : set({ schedule }))}
      />
      <label className="rule-field is-wide">
        <span>{said.text}</span>
        <input
          maxLength={500}
          placeholder={said.textNote}
          value={draft.text ?? ''}
          onChange={({ target }) => (target.value === '' ? drop('text') : set({ text: target.value }))}
        />
      </label>
      <TryPanel
        draft={draft}
        saved={view === undefined ? undefined : draftOf(view)}
        zone={zone}
        onSample={setSample}
        onProposal={(path, value) => set({ when: withLimit(draft.when, path, value) })}
      />
      {failure !== undefined && (
        <div role="alert" className="step-problem">
          <ProblemText error={failure} />
        </div>
      )}
      {isSaved && <p role="status">{said.saved}</p>}
      {mayChange ? (
        <div className="rule-buttons">
          <button
            type="button"
            className={draft.isEnabled ? 'button-primary' : 'button-plain'}
            disabled={isBusy}
            onClick={() => void save(draft)}
          >
            {said.save}
          </button>
          <button
            type="button"
            className={draft.isEnabled ? 'button-plain' : 'button-primary'}
            disabled={isBusy}
            onClick={() => {
              set({ isEnabled: !draft.isEnabled });
              void save({ ...draft, isEnabled: !draft.isEnabled });
            }}
          >
            {draft.isEnabled ? said.switchOff : said.saveAndOn}
          </button>
          {view !== undefined && (
            <button
              type="button"
              className="button-quiet"
              disabled={isBusy}
              onClick={() => confirm(said.removeSure) && void remove()}
            >
              {said.remove}
            </button>
          )}
        </div>
      ) : (
        <p className="muted">{said.mayNotChange}</p>
      )}
    </form>
  );
}

/** The condition with one of its numbers changed; `path` is its name, behind `first.` or `next.` in a sequence. */
function withLimit(when: RuleDraft['when'], path: string, value: number): RuleDraft['when'] {
  const [part, name] = path.replace(/^when\./, '').split('.');
  if (name === undefined) return { ...when, [part ?? '']: value } as RuleDraft['when'];
  if (when.type !== 'sequence' || (part !== 'first' && part !== 'next')) return when;
  return { ...when, [part]: { ...when[part], [name]: value } };
}

type WhereProps = Pick<EditorProps, 'cameras' | 'areas'> & {
  draft: RuleDraft;
  onWhere: (where: RuleDraft['where']) => void;
};

function WhereFields({ draft, cameras, areas, onWhere }: WhereProps) {
  const words = useWords();
  const said = words.rules;
  const { where } = draft;
  const value = 'area' in where ? `area ${where.area}` : `camera ${where.cameras[0]}`;
  return (
    <label className="rule-field is-wide">
      <span>{said.where}</span>
      <select
        value={value}
        onChange={({ target }) => {
          const [kind, id = ''] = target.value.split(' ');
          onWhere(kind === 'area' ? { area: id } : { cameras: [id] });
        }}
      >
        <optgroup label={said.oneCamera}>
          {cameras.map(({ id, name }) => (
            <option key={id} value={`camera ${id}`}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label={said.wholeArea}>
          {areas?.features.map(({ properties: { id, name } }) => (
            <option key={id} value={`area ${id}`}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

function useSaving({ view, taken, onChanged }: Pick<EditorProps, 'view' | 'taken' | 'onChanged'>) {
  const [failure, setFailure] = useState<unknown>();
  const [isSaved, setIsSaved] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const doing = async (act: () => Promise<void>) => {
    setIsBusy(true);
    setFailure(undefined);
    setIsSaved(false);
    try {
      await act();
      onChanged();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setIsBusy(false);
    }
  };
  const save = (draft: RuleDraft) =>
    doing(async () => {
      if (view !== undefined) {
        await rulesApi.change(draft, view.revision);
        setIsSaved(true);
        return;
      }
      const id = idFor(draft.name, taken);
      await rulesApi.create({ ...draft, id });
      location.hash = hrefOf('rules', id);
    });
  const remove = () =>
    doing(async () => {
      if (view === undefined) return;
      await rulesApi.remove(view.id, view.revision);
      location.hash = hrefOf('rules');
    });
  return { save, remove, failure, isSaved, isBusy };
}
