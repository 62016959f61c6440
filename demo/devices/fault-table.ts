/** Every fault that a virtual camera can have: what it does and how it shows. Command line, HTTP and docs read this table. */
import type { CameraState } from '#models/schema/camera.ts';
import type { FaultCode } from '#models/schema/fault.ts';

export const FAULT_KINDS = ['network', 'answers', 'stream', 'time', 'picture'] as const;

export type CameraFault = {
  id: string;
  of: (typeof FAULT_KINDS)[number];
  does: string;
  shows: string;
  /** What the reading of the stream makes of it: the camera's state, with the reason where it has one. */
  state: CameraState['state'];
  reason?: FaultCode;
  /** A number that can be chosen. */
  amount?: { unit: string; default: number };
  /** The whole street has it, whichever of its cameras is named. */
  isOfStreet?: boolean;
};

const down = (reason: FaultCode) => ({ state: 'down', reason }) as const;
const live = { state: 'live' } as const;

export const FAULT_TABLE = [
  {
    id: 'refuse',
    of: 'network',
    does: 'nothing listens any more: connections are refused, those that are open end',
    shows: 'down, camera-refused',
    ...down('camera-refused'),
  },
  {
    id: 'mute',
    of: 'network',
    does: 'connections are accepted and nothing is ever said',
    shows: 'down, camera-timed-out',
    ...down('camera-timed-out'),
  },
  {
    id: 'power-cut',
    of: 'network',
    does: 'the whole street goes dark: open connections hang, new ones are refused; they break when the power is back',
    shows: 'every camera of the street down at once, camera-frozen, then camera-refused',
    ...down('camera-refused'),
    isOfStreet: true,
  },
  {
    id: 'unauthorised',
    of: 'answers',
    does: '401 although user and password are right',
    shows: 'down, camera-unauthorised',
    ...down('camera-unauthorised'),
  },
  {
    id: 'slow-answers',
    of: 'answers',
    does: 'every answer comes late',
    shows: 'down, camera-timed-out, when later than the product waits; else a long start',
    ...down('camera-timed-out'),
    amount: { unit: 's', default: 20 },
  },
  {
    id: 'not-found',
    of: 'answers',
    does: 'the path of the stream is not there any more (404)',
    shows: 'down, camera-not-found',
    ...down('camera-not-found'),
  },
  {
    id: 'no-video',
    of: 'answers',
    does: 'the description names no media; a recorder says so of a channel without a camera',
    shows: 'down, camera-no-video; event: signal loss',
    ...down('camera-no-video'),
  },
  {
    id: 'stall-describe',
    of: 'answers',
    does: 'OPTIONS is answered, DESCRIBE never',
    shows: 'down, camera-timed-out',
    ...down('camera-timed-out'),
  },
  {
    id: 'drop-fin',
    of: 'stream',
    does: 'the camera ends the connection of whoever plays (FIN)',
    shows: 'down, camera-ended',
    ...down('camera-ended'),
  },
  {
    id: 'drop-rst',
    of: 'stream',
    does: 'the connection of whoever plays is reset (RST)',
    shows: 'down, camera-ended',
    ...down('camera-ended'),
  },
  {
    id: 'freeze',
    of: 'stream',
    does: 'the socket is held and nothing is sent any more',
    shows: 'down, camera-frozen',
    ...down('camera-frozen'),
  },
  {
    id: 'garbage',
    of: 'stream',
    does: 'random bytes in valid RTP packets',
    shows: 'down, camera-garbage',
    ...down('camera-garbage'),
    amount: { unit: 'of the packets', default: 1 },
  },
  {
    id: 'packet-loss',
    of: 'stream',
    does: 'RTP packets over UDP are lost',
    shows: 'degraded, camera-garbage, where the camera is read over UDP; nothing over TCP',
    state: 'degraded',
    reason: 'camera-garbage',
    amount: { unit: 'of the packets', default: 0.3 },
  },
  {
    id: 'audio-only',
    of: 'stream',
    does: 'only sound (PCMU) is offered and sent',
    shows: 'down, camera-no-video',
    ...down('camera-no-video'),
  },
  {
    id: 'change-resolution',
    of: 'stream',
    does: 'pictures of three quarters of the size go on in the middle of the stream',
    shows: 'live in the new size, without a new connection',
    ...live,
  },
  {
    id: 'change-codec',
    of: 'stream',
    does: 'the other codec (H.264, H.265) goes on in the middle of the stream, under the old payload type',
    shows: 'down, camera-garbage or camera-frozen, then live in the new codec',
    ...live,
  },
  {
    id: 'rare-keyframes',
    of: 'stream',
    does: 'a keyframe every 20 s',
    shows: 'live; the first picture may take 20 s, a gate that reads keyframes looks seldom',
    ...live,
  },
  {
    id: 'low-fps',
    of: 'stream',
    does: '25 pictures a second are promised and 11 delivered',
    shows: 'live; the measured rate is 11',
    ...live,
  },
  {
    id: 'wrong-time',
    of: 'time',
    does: 'RTP time counts at half its rate; sender reports live in the year 2000',
    shows: 'live; has to be seen in the times',
    ...live,
  },
  {
    id: 'time-jump',
    of: 'time',
    does: 'RTP time jumps, and jumps back at the end',
    shows: 'live; a jump of time is counted',
    ...live,
    amount: { unit: 's', default: 3600 },
  },
  {
    id: 'non-monotonic',
    of: 'time',
    does: 'every fifth picture has a time before that of the one before it, as smart codecs do',
    shows: 'live; jumps of time are counted',
    ...live,
  },
  {
    id: 'drift',
    of: 'time',
    does: 'the clock of the camera is not as fast as ours: 200 ppm are 0.7 s an hour',
    shows: 'live; no jump of time is counted',
    ...live,
    amount: { unit: 'ppm', default: 200 },
  },
  {
    id: 'frozen-picture',
    of: 'picture',
    does: 'the same picture again and again, its clock stands still as well',
    shows: 'degraded, picture-frozen, after 10 s',
    ...live,
  },
  {
    id: 'frozen-behind-clock',
    of: 'picture',
    does: 'the picture stands still, only the clock in it goes on',
    shows: 'degraded, picture-frozen, after 20 s',
    ...live,
  },
  { id: 'black', of: 'picture', does: 'all black', shows: 'degraded, picture-black; event: tamper', ...live },
  { id: 'white', of: 'picture', does: 'all white', shows: 'degraded, picture-white; event: tamper', ...live },
  { id: 'blurred', of: 'picture', does: 'out of focus', shows: 'degraded, picture-blurred; event: tamper', ...live },
  {
    id: 'covered',
    of: 'picture',
    does: 'something hangs before the lens',
    shows: 'degraded, picture-covered; event: tamper',
    ...live,
  },
  {
    id: 'painted',
    of: 'picture',
    does: 'sprayed with paint',
    shows: 'degraded, picture-covered, after 70 s; event: tamper',
    ...live,
  },
  { id: 'turned', of: 'picture', does: 'turned by 10°', shows: 'degraded, view-moved', ...live },
  { id: 'tilted', of: 'picture', does: 'tilted down', shows: 'degraded, view-moved', ...live },
  {
    id: 'night-noise',
    of: 'picture',
    does: 'dark, grey and full of noise',
    shows: 'live; noisy is told, less is found',
    ...live,
  },
] as const satisfies readonly CameraFault[];

export type FaultId = (typeof FAULT_TABLE)[number]['id'];

export function findFault(id: string): (CameraFault & { id: FaultId }) | undefined {
  return FAULT_TABLE.find((fault) => fault.id === id);
}

/** The table as Markdown, for the docs; and as plain lines for a terminal. */
export function faultTableMarkdown(): string {
  const rows = FAULT_TABLE.map((fault) => {
    const { amount } = fault as CameraFault;
    const does = amount === undefined ? fault.does : `${fault.does} (${amount.default} ${amount.unit})`;
    return `| \`${fault.id}\` | ${fault.of} | ${does} | ${fault.shows} |`;
  });
  return ['| fault | of the | what it does | how it shows |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
