/** One camera on the wall: picture, name, state with reason and cure, strip, what was measured. */
import type { CameraHealth } from '#models/schema/camera-health.ts';
import { StateGlyph } from '../cameras/state-glyph.tsx';
import { formatBitrate, formatDuration, formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { faultWords } from '../workspace/problem-text.tsx';
import { fpsText, percentText } from './report.ts';
import type { RowHistory, RowPicture } from './row-extras.ts';
import { Strip } from './strip.tsx';

export type HealthRowProps = {
  camera: CameraHealth;
  areaName: string | undefined;
  nowMs: number;
  history: RowHistory | undefined;
  picture: RowPicture | undefined;
};

/** Fewer pictures than this share of what was promised are marked. */
const FPS_SHARE_MIN = 0.8;

export function HealthRow({ camera, areaName, nowMs, history, picture }: HealthRowProps) {
  const words = useWords();
  const { fps, fpsPromised, bitrateKbps, decodeCostMs } = camera;
  const isSlow = fps !== undefined && fpsPromised !== undefined && fps < FPS_SHARE_MIN * fpsPromised;
  return (
    <>
      <span className="health-picture">
        {picture === undefined ? (
          <i />
        ) : (
          <img src={picture.url} alt="" title={words.health.seen(formatTime(picture.capturedAtMs, words))} />
        )}
      </span>
      <span className="health-name">
        <b>{camera.name}</b>
        <small>{[areaName, camera.make, camera.address].filter(Boolean).join(' · ')}</small>
      </span>
      <Reason camera={camera} />
      <span className="health-since">{formatDuration(Math.max(0, nowMs - camera.sinceMs) / 1000, words)}</span>
      <Strip history={history} />
      <span className="health-figure">{history === undefined ? '' : percentText(history.availability, words)}</span>
      <span className={`health-figure${isSlow ? ' is-slow' : ''}`}>
        {fps === undefined ? '' : fpsText(fps, fpsPromised, words)}
      </span>
      <span className="health-figure">{bitrateKbps === undefined ? '' : formatBitrate(bitrateKbps, words)}</span>
      <span className="health-figure">
        {decodeCostMs === undefined ? '' : words.health.decodeCost(formatNumber(decodeCostMs, words))}
      </span>
      <span className="health-figure">{formatNumber(camera.reconnects, words)}</span>
    </>
  );
}

export function Reason({ camera }: { camera: CameraHealth }) {
  const words = useWords();
  const { title, cure } = faultWords(
    {
      code: camera.reason,
      title: camera.reasonTitle ?? camera.reason ?? '',
      detail: camera.message,
      cure: camera.cure,
    },
    words,
  );
  const isTroubled = camera.reason !== undefined;
  return (
    <span className={`health-reason is-${camera.state}`}>
      <StateGlyph state={camera.state} size={16} />
      <span>
        <b>{isTroubled ? title : words.states[camera.state]}</b>
        {isTroubled && <small title={cure}>{cure}</small>}
      </span>
    </span>
  );
}
