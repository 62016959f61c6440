/** Edits a condition: its kind, its numbers, and what is drawn; of a sequence both halves. */
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Condition, SimpleCondition } from '#models/schema/rule-condition.ts';
import type { Corner } from '../cameras/picture-corner.tsx';
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { conditionOf, SHAPES, SIMPLE_TYPES, TYPES } from './drafts.ts';
import { type Drawn, ShapeStep } from './shape-step.tsx';

export type Scene = {
  camera: CameraView | undefined;
  cameras: readonly CameraView[];
  areas: AreaCollection | undefined;
  ways: readonly (readonly Corner[])[];
};

type EditorProps<Kind extends Condition> = {
  condition: Kind;
  types?: readonly Kind['type'][];
  scene: Scene;
  onChange: (condition: Condition) => void;
};

const drawnOf = (condition: Condition): Drawn | undefined =>
  'line' in condition ? condition.line : 'zone' in condition ? condition.zone : undefined;

function withDrawn(condition: Condition, drawn: Drawn | undefined): Condition {
  if ('line' in condition && drawn !== undefined) return { ...condition, line: drawn } as Condition;
  if (drawn !== undefined) return { ...condition, zone: drawn } as Condition;
  const { zone: _zone, ...rest } = condition as Condition & { zone?: unknown };
  return rest as Condition;
}

export function ConditionEditor({ condition, types = TYPES, scene, onChange }: EditorProps<Condition>) {
  const words = useWords();
  const said = words.rules;
  const shape = SHAPES[condition.type];
  return (
    <>
      <label className="rule-field is-wide">
        <span>{said.what}</span>
        <select
          value={condition.type}
          onChange={({ target }) => onChange(conditionOf(target.value as Condition['type'], condition))}
        >
          {types.map((type) => (
            <option key={type} value={type}>
              {said.conditions[type]}
            </option>
          ))}
        </select>
      </label>
      <p className="rule-note">{said.conditionNotes[condition.type]}</p>
      <div className="rule-fields">
        <ConditionFields condition={condition} onChange={onChange} />
      </div>
      {shape !== undefined && (
        <ShapeStep
          key={`${condition.type} ${scene.camera?.id}`}
          {...shape}
          {...scene}
          drawn={drawnOf(condition)}
          onDrawn={(drawn) => onChange(withDrawn(condition, drawn))}
        />
      )}
      {condition.type === 'sequence' &&
        (['first', 'next'] as const).map((part) => (
          <fieldset key={part} className="rule-part">
            <legend>{said[part]}</legend>
            <ConditionEditor
              condition={condition[part]}
              types={SIMPLE_TYPES}
              scene={scene}
              onChange={(changed) => onChange({ ...condition, [part]: changed as SimpleCondition })}
            />
          </fieldset>
        ))}
      {condition.type === 'sequence' && (
        <label className="rule-field">
          <span>{said.fields.same}</span>
          <select
            value={condition.same}
            onChange={({ target }) => onChange({ ...condition, same: target.value as 'camera' | 'area' })}
          >
            {(['camera', 'area'] as const).map((each) => (
              <option key={each} value={each}>
                {said.same[each]}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
