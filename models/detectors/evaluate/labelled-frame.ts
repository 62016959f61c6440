/** A picture with what is really there. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { Box } from '../../schema/detection.ts';
import type { Kind } from '../../schema/kind.ts';

export type LabelledFrame = {
  name: string;
  /** Freed when the loop that reads frames goes on. */
  picture: AvFrame;
  /** Fractions of the picture. */
  labels: { kind: Kind; box: Box }[];
  /** Where things may be that nobody labelled: neither right nor wrong. */
  regions: Box[];
};
