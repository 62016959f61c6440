/** A camera's trouble as plain text that an installer can work with; never credentials. */
import type { CameraHealth } from '#models/schema/camera-health.ts';
import { codecName } from '../cameras/codec-name.ts';
import type { Words } from '../words/english.ts';
import { formatBitrate, formatDuration, formatNumber, inZone } from '../words/figures.ts';
import { faultWords } from '../workspace/problem-text.tsx';

type About = { words: Words; nowMs: number; areaName: string | undefined; availability: string | undefined };

export function reportOf(camera: CameraHealth, { words, nowMs, areaName, availability }: About): string {
  const { reportWords } = words.health;
  const time = (ms: number) =>
    new Date(ms).toLocaleString(words.locale, { ...inZone(words), hour12: false, timeZoneName: 'short' });
  const { title, detail, cure } = faultWords(
    { code: camera.reason, title: camera.reasonTitle ?? '', detail: camera.message, cure: camera.cure },
    words,
  );
  const isTroubled = camera.reason !== undefined;
  const lines: [string, string | undefined][] = [
    [reportWords.camera, `${camera.name} (${camera.camera})`],
    [reportWords.area, areaName],
    [reportWords.address, camera.address || undefined],
    [reportWords.device, [camera.make, camera.model].filter((part) => part !== null).join(' ') || undefined],
    [
      reportWords.state,
      `${words.states[camera.state]}, ${words.cameras.since(time(camera.sinceMs))} (${formatDuration((nowMs - camera.sinceMs) / 1000, words)})`,
    ],
    [
      reportWords.reason,
      isTroubled ? `${title} (${camera.reason})${detail === undefined ? '' : `: ${detail}`}` : undefined,
    ],
    [reportWords.cure, isTroubled ? cure : undefined],
    [reportWords.measured, measuredOf(camera, words) || undefined],
    [
      reportWords.lastPicture,
      camera.lastPictureAtMs === undefined ? words.health.noPicture : time(camera.lastPictureAtMs),
    ],
    [reportWords.availability, availability],
    [reportWords.written, time(nowMs)],
  ];
  const told = lines.filter((line): line is [string, string] => line[1] !== undefined);
  return `${reportWords.head}\n${told.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

function measuredOf(camera: CameraHealth, words: Words): string {
  const { codec, width, height, fps, fpsPromised, bitrateKbps, reconnects } = camera;
  return [
    codecName(codec),
    width === undefined ? '' : `${width} × ${height}`,
    fps === undefined ? '' : `${fpsText(fps, fpsPromised, words)} ${words.units.fps}`,
    bitrateKbps === undefined ? '' : formatBitrate(bitrateKbps, words),
    `${words.health.reconnects} ${reconnects}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

export function fpsText(fps: number, promised: number | undefined, words: Words): string {
  const got = formatNumber(fps, words);
  return promised === undefined ? got : words.health.fpsOf(got, formatNumber(promised, words));
}

export const percentText = (share: number | null | undefined, words: Words): string =>
  share === null || share === undefined
    ? words.health.unknown
    : `${new Intl.NumberFormat(words.locale, { maximumFractionDigits: 1, roundingMode: 'floor' }).format(share * 100)} %`;
