/** What belongs to a row and is asked for only while it is in view: its strip and its last picture. */
import { useEffect, useRef, useState } from 'react';
import type { CameraHistory } from '#models/schema/camera-health.ts';
import type { Polled } from '../polled.ts';
import { usePolled } from '../polled.ts';
import { healthApi, type SpanName } from './health-api.ts';

export type RowHistory = { strip: string; availability: number | null; fromMs: number; toMs: number };
export type RowPicture = { url: string; capturedAtMs: number };

export type RowExtras = {
  historyOf: (camera: string) => RowHistory | undefined;
  pictureOf: (camera: string) => RowPicture | undefined;
};

const HISTORY_EVERY_MS = 60_000;
const PICTURES_EVERY_MS = 20_000;

type Options = { span: SpanName; mayLook: boolean; onSignedOut: () => void };

/** Rows that were in view keep what was known of them; a new span forgets all strips. */
export function useRowExtras(cameras: readonly string[], { span, mayLook, onSignedOut }: Options): RowExtras {
  const names = cameras.join(',');
  const history = usePolled(
    names === '' ? null : `${span} ${names}`,
    (signal) => healthApi.readHistory(cameras, { span, isDetailed: false }, { signal }),
    { intervalMs: HISTORY_EVERY_MS, onSignedOut },
  );
  const pictures = usePolled(
    names === '' || !mayLook ? null : names,
    (signal) => healthApi.readPictures(cameras, { signal }),
    { intervalMs: PICTURES_EVERY_MS, onSignedOut },
  );
  const strips = useKept(history.data, span, rowsOf);
  const shown = useKept(pictures.data, '', (answer) =>
    answer.pictures.map(({ camera, capturedAtMs, jpeg }): [string, RowPicture] => [
      camera,
      { url: `data:image/jpeg;base64,${jpeg}`, capturedAtMs },
    ]),
  );
  return { historyOf: (camera) => strips.get(camera), pictureOf: (camera) => shown.get(camera) };
}

const rowsOf = ({ fromMs, toMs, cameras }: CameraHistory) =>
  cameras.map(({ camera, strip = '', availability }): [string, RowHistory] => [
    camera,
    { strip, availability, fromMs, toMs },
  ]);

function useKept<Answer, Row>(
  data: Polled<Answer>['data'],
  name: string,
  read: (answer: Answer) => [string, Row][],
): ReadonlyMap<string, Row> {
  const [kept, setKept] = useState<{ name: string; rows: ReadonlyMap<string, Row> }>({ name, rows: new Map() });
  const reading = useRef(read);
  reading.current = read;
  useEffect(() => {
    if (data === undefined) return;
    const fresh = reading.current(data);
    setKept((before) => ({ name, rows: new Map([...(before.name === name ? before.rows : []), ...fresh]) }));
  }, [data, name]);
  // Rows of another span would be told as of this one.
  return kept.name === name ? kept.rows : new Map();
}
