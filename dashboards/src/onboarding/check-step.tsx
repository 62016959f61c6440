/** Is the calibration right: by the heights of people who were seen, or by a walk along a known path. */
import { useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { HeightCheckPane } from './height-check.tsx';
import { WalkCheckPane } from './walk-check.tsx';

const WAYS = ['heights', 'walk'] as const;

type CheckStepProps = {
  camera: CameraView;
  areas: AreaCollection | undefined;
  onPose: () => void;
  onDone: () => void;
};

export function CheckStep({ camera, areas, onPose, onDone }: CheckStepProps) {
  const words = useWords();
  const [way, setWay] = useState<(typeof WAYS)[number]>('heights');
  const ways = (
    <Choice
      label={words.calibration.checkTitle}
      options={[
        { value: 'heights', text: words.calibration.checkHeights },
        { value: 'walk', text: words.calibration.checkWalk },
      ]}
      value={way}
      onChoose={setWay}
    />
  );
  return way === 'heights' ? (
    <HeightCheckPane camera={camera} ways={ways} onPose={onPose} onDone={onDone} />
  ) : (
    <WalkCheckPane camera={camera} areas={areas} ways={ways} onDone={onDone} />
  );
}
