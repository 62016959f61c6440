/** Ties the picture to the ground, in one of three ways. */
import { type ReactNode, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { CalibrateFile } from './calibrate-file.tsx';
import { CalibratePoints } from './calibrate-points.tsx';
import { CalibratePose } from './calibrate-pose.tsx';

const METHODS = ['points', 'pose', 'file'] as const;
export type CalibrateMethod = (typeof METHODS)[number];

type CalibrateStepProps = {
  camera: CameraView;
  areas: AreaCollection | undefined;
  picture: string | undefined;
  first?: CalibrateMethod | undefined;
  onRefresh: () => void;
  onDone: () => void;
};

/** Each way shows the choice of ways among its own buttons. */
export type CalibrateWayProps = Omit<CalibrateStepProps, 'first'> & { methods: ReactNode };

export function CalibrateStep({ first = 'points', ...props }: CalibrateStepProps) {
  const words = useWords();
  const [method, setMethod] = useState<CalibrateMethod>(first);
  const methods = (
    <Choice
      label={words.calibration.method}
      options={METHODS.map((value) => ({ value, text: words.calibration.methods[value] }))}
      value={method}
      onChoose={setMethod}
    />
  );
  if (method === 'pose') return <CalibratePose {...props} methods={methods} />;
  if (method === 'file') return <CalibrateFile {...props} methods={methods} />;
  return <CalibratePoints {...props} methods={methods} />;
}
