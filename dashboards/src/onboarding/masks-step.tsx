/** Where not to look, and where things can stand, drawn on the picture. */
import { useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { PictureRing } from '#models/schema/mask.ts';
import { api } from '../api-client.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { RingBoard } from './ring-board.tsx';

const MASKS = ['privacy', 'ground'] as const;
export type MaskName = (typeof MASKS)[number];
type Rings = Record<MaskName, PictureRing[]>;

type MasksStepProps = {
  camera: CameraView;
  picture: string | undefined;
  onRefresh: () => void;
  onChanged: () => void;
  onDone: () => void;
};

export function MasksStep({ camera, picture, onRefresh, onChanged, onDone }: MasksStepProps) {
  const words = useWords();
  const [mask, setMask] = useState<MaskName>('privacy');
  const [rings, setRings] = useState<Rings>({ privacy: camera.privacyMasks ?? [], ground: camera.groundMask ?? [] });
  const [open, setOpen] = useState<PictureRing>([]);
  const { isBusy, saved, failure, save } = useSave(camera, { onChanged, onRefresh });
  const set = (to: PictureRing[]) => setRings((was) => ({ ...was, [mask]: to }));
  const close = () => {
    if (open.length < 3) return;
    set([...rings[mask], open]);
    setOpen([]);
  };
  return (
    <div className="calibrate-step is-masks">
      <RingBoard
        picture={picture}
        label={words.calibration.masks[mask]}
        hint={words.calibration.maskHint[mask]}
        mask={mask}
        rings={rings}
        open={open}
        onCorner={(corner) => setOpen([...open, corner])}
        onClose={close}
        onChange={set}
      />
      <div className="step-side">
        <Choice
          label={words.calibration.mask}
          options={MASKS.map((value) => ({ value, text: words.calibration.masks[value] }))}
          value={mask}
          onChoose={(value) => {
            setMask(value);
            setOpen([]);
          }}
        />
        <p className="step-note">{words.calibration.maskNote[mask]}</p>
        <ol className="pairs" aria-label={words.calibration.masks[mask]}>
          {rings[mask].map((ring, index) => (
            <li key={ring.join(' ')}>
              <b>{words.calibration.ring(index + 1)}</b>
              <button
                type="button"
                className="button-quiet"
                onClick={() => set(rings[mask].filter((_, each) => each !== index))}
              >
                {words.calibration.removeRing}
              </button>
            </li>
          ))}
        </ol>
        {rings[mask].length === 0 && <p className="muted">{words.calibration.noRings}</p>}
        {failure !== undefined && (
          <div role="alert" className="step-problem">
            <ProblemText error={failure} />
          </div>
        )}
        {saved !== undefined && (
          <p role="status">{saved === 'applied' ? words.calibration.savedMasks : words.calibration.storedMasks}</p>
        )}
        <div className="step-buttons">
          <button
            type="button"
            className="button-plain"
            disabled={open.length === 0}
            onClick={() => setOpen(open.slice(0, -1))}
          >
            {words.calibration.dropCorner}
          </button>
          <button type="button" className="button-plain" onClick={onRefresh}>
            {words.onboarding.newPicture}
          </button>
          <button type="button" className="button-plain" onClick={onDone}>
            {words.onboarding.later}
          </button>
          <button type="button" className="button-primary" disabled={isBusy} onClick={() => void save(rings)}>
            {isBusy ? words.onboarding.working : words.calibration.saveMasks}
          </button>
        </div>
      </div>
    </div>
  );
}

function useSave({ id, revision }: CameraView, acts: { onChanged: () => void; onRefresh: () => void }) {
  const [isBusy, setIsBusy] = useState(false);
  const [saved, setSaved] = useState<'applied' | 'stored'>();
  const [failure, setFailure] = useState<unknown>();
  const save = async ({ privacy, ground }: Rings) => {
    setIsBusy(true);
    setSaved(undefined);
    setFailure(undefined);
    try {
      const { applied } = await api.maskCamera(id, { privacyMasks: privacy, groundMask: ground }, revision);
      setSaved(applied?.isApplied === true ? 'applied' : 'stored');
      acts.onChanged();
      acts.onRefresh();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, saved, failure, save };
}
