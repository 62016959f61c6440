/** The stages of the pipeline, in the order in which data passes them; the last three branch off at the broker. */
import Type, { type Static } from 'typebox';

export const OPERATION_STAGES = [
  'cameras',
  'ingest',
  'broker',
  'analytics',
  'store',
  'roll-up',
  'api',
  'rules',
  'evidence',
  'channels',
] as const;
export const OperationStage = Type.Enum(OPERATION_STAGES);
export type OperationStage = Static<typeof OperationStage>;
