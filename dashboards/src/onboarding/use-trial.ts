/** A calibration that is tried while it is changed, and kept when it fits. */
import { useEffect, useState } from 'react';
import type { CalibrationInput, CalibrationTrial } from '#models/schema/calibration.ts';
import { api } from '../api-client.ts';

/** While a hand moves, one trial at a time is on its way. */
const REST_MS = 100;

/** The last trial stays while the next is on its way; none without an input. */
export function useTrial(
  camera: string,
  input: CalibrationInput | undefined,
): { trial: CalibrationTrial | undefined; error: unknown } {
  const [tried, setTried] = useState<{ trial?: CalibrationTrial; error?: unknown }>({});
  useEffect(() => {
    if (input === undefined) return setTried({});
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      api.tryCalibration(camera, input, { signal: leaving.signal }).then(
        (trial) => setTried({ trial }),
        (error: unknown) => {
          if (!leaving.signal.aborted) setTried({ error });
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [camera, input]);
  return { trial: tried.trial, error: tried.error };
}

export function useKeep(camera: string, onDone: () => void) {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const keep = async (input: CalibrationInput) => {
    setIsBusy(true);
    setFailure(undefined);
    try {
      await api.calibrate(camera, input);
      onDone();
    } catch (problem) {
      setFailure(problem);
      setIsBusy(false);
    }
  };
  return { isBusy, failure, keep };
}
