/** The long list of the wall: only rows in view are drawn, and the keyboard reaches all of them. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { CameraHealth } from '#models/schema/camera-health.ts';
import { useWords } from '../words/language.tsx';
import { useScrolled } from '../workspace/use-scrolled.ts';
import { CopyButton, copyText } from './copy-button.tsx';
import { HealthRow } from './health-row.tsx';
import type { RowExtras } from './row-extras.ts';
import { type Rows, scrollTo, visibleRows } from './visible-rows.ts';

type HealthRowsProps = {
  cameras: readonly CameraHealth[];
  extras: RowExtras;
  openId: string | null;
  areaNameOf: (area: string | null) => string | undefined;
  reportOf: (camera: CameraHealth) => string;
  onOpen: (camera: string | null) => void;
  onRows: (rows: Rows) => void;
};

const ROW_PX = 56;

export function HealthRows({ cameras, extras, openId, onOpen, onRows, areaNameOf, reportOf }: HealthRowsProps) {
  const words = useWords();
  const list = useRef<HTMLUListElement>(null);
  const [view, goTo] = useScrolled(list);
  const rows = visibleRows(view, ROW_PX, cameras.length);
  const [active, setActive] = useState<{ camera: string; isMoved: boolean } | null>(null);
  const [copied, setCopied] = useState<{ camera: string; copies: number }>({ camera: '', copies: 0 });
  const nowMs = Date.now();
  useEffect(() => onRows({ first: rows.first, end: rows.end }), [onRows, rows.first, rows.end]);

  const at = cameras.findIndex(({ camera }) => camera === active?.camera);
  const move = (index: number) => {
    const to = Math.min(Math.max(index, 0), cameras.length - 1);
    const { camera } = cameras[to] ?? { camera: '' };
    setActive({ camera, isMoved: true });
    goTo(scrollTo(to, view, ROW_PX));
  };
  const copy = async (camera: CameraHealth) => {
    await copyText(reportOf(camera));
    setCopied(({ copies }) => ({ camera: camera.camera, copies: copies + 1 }));
  };
  const onKeyDown = (event: KeyboardEvent, camera: CameraHealth, index: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(view.height / ROW_PX) - 1);
    const places = new Map([
      ['ArrowDown', index + 1],
      ['ArrowUp', index - 1],
      ['PageDown', index + page],
      ['PageUp', index - page],
      ['Home', 0],
      ['End', cameras.length - 1],
    ]);
    const to = places.get(event.key);
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === 'c') void copy(camera);
  };
  return (
    <ul className="health-rows" ref={list} aria-label={words.health.title} aria-description={words.health.keys}>
      <li className="health-space" style={{ height: cameras.length * ROW_PX }} aria-hidden="true" />
      {cameras.slice(rows.first, rows.end).map((camera, offset) => {
        const index = rows.first + offset;
        const isActive = index === Math.max(at, 0);
        return (
          <li
            key={camera.camera}
            className={`health-item${camera.camera === openId ? ' is-open' : ''}`}
            aria-posinset={index + 1}
            aria-setsize={cameras.length}
            style={{ top: index * ROW_PX, height: ROW_PX }}
          >
            <button
              type="button"
              className="health-row"
              tabIndex={isActive ? 0 : -1}
              aria-pressed={camera.camera === openId}
              ref={isActive && active?.isMoved === true ? focus : undefined}
              onKeyDown={(event) => onKeyDown(event, camera, index)}
              onClick={() => {
                setActive({ camera: camera.camera, isMoved: false });
                onOpen(camera.camera === openId ? null : camera.camera);
              }}
            >
              <HealthRow
                camera={camera}
                areaName={areaNameOf(camera.area)}
                nowMs={nowMs}
                history={extras.historyOf(camera.camera)}
                picture={extras.pictureOf(camera.camera)}
              />
            </button>
            <CopyButton
              text={() => reportOf(camera)}
              copies={copied.camera === camera.camera ? copied.copies : 0}
              tabIndex={isActive ? 0 : -1}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** Called when the row that the keyboard went to is drawn. */
const focus = (element: HTMLButtonElement | null) => element?.focus({ preventScroll: true });
