/** What can go wrong with a virtual camera: every fault is switched on and off while the server runs. */
import Type, { type Static } from 'typebox';

/**
 * Faults of what a camera says (`refuse`, `unauthorised`, `not-found`, `audio-only`, `no-video`, `stall-describe`,
 * `slow-answers`) end the connections that the stream has, as a restarted camera would, so that they are seen at once.
 * All others work on the connections that are open.
 */
export const Fault = Type.Union([
  Type.Object({ kind: Type.Literal('none') }, { description: 'All is well again' }),
  Type.Object({ kind: Type.Literal('freeze') }, { description: 'The socket stays open, no packet comes any more' }),
  Type.Object({ kind: Type.Literal('frozen-picture') }, { description: 'The last keyframe again and again' }),
  Type.Object(
    {
      kind: Type.Literal('garbage'),
      share: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Of the packets; all by default' })),
    },
    { description: 'Random bytes in valid RTP packets' },
  ),
  Type.Object({ kind: Type.Literal('half-close') }, { description: 'FIN to whoever plays or starts to play' }),
  Type.Object({ kind: Type.Literal('reset') }, { description: 'RST to whoever plays or starts to play' }),
  Type.Object({ kind: Type.Literal('refuse') }, { description: 'Connections that name the stream are closed at once' }),
  Type.Object({ kind: Type.Literal('unauthorised') }, { description: '401, whatever the password' }),
  Type.Object({ kind: Type.Literal('not-found') }, { description: '404' }),
  Type.Object({ kind: Type.Literal('audio-only') }, { description: 'PCMU silence and no video' }),
  Type.Object({ kind: Type.Literal('no-video') }, { description: 'An SDP without any media' }),
  Type.Object({ kind: Type.Literal('stall-describe') }, { description: 'DESCRIBE is never answered' }),
  Type.Object(
    { kind: Type.Literal('change-resolution'), file: Type.String({ description: 'Of the same codec' }) },
    { description: 'Another file goes on in the middle of the stream' },
  ),
  Type.Object(
    {
      kind: Type.Literal('packet-loss'),
      share: Type.Number({ minimum: 0, maximum: 1 }),
      transport: Type.Optional(Type.Literal('udp', { description: 'TCP would send again; both by default' })),
    },
    { description: 'RTP packets are lost, their sequence numbers with them' },
  ),
  Type.Object(
    { kind: Type.Literal('slow-answers'), seconds: Type.Number({ exclusiveMinimum: 0 }) },
    { description: 'Every answer comes this much later' },
  ),
  Type.Object(
    {
      kind: Type.Literal('other-clip'),
      file: Type.String({ description: 'Of the same codec' }),
      promisedFps: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'What the SDP says' })),
    },
    { description: 'Another clip goes on at the same place, with a keyframe' },
  ),
  Type.Object(
    { kind: Type.Literal('change-codec'), file: Type.String({ description: 'Of the other codec' }) },
    { description: 'Another codec goes on in the middle of the stream, under the payload type of the first' },
  ),
  Type.Object(
    { kind: Type.Literal('wrong-time') },
    { description: 'RTP time counts at half its rate, and sender reports live in the year 2000' },
  ),
  Type.Object(
    { kind: Type.Literal('non-monotonic') },
    { description: 'Every fifth picture has a time before that of the one before it' },
  ),
  Type.Object(
    { kind: Type.Literal('drift'), ppm: Type.Number({ description: 'Millionths; positive: fast' }) },
    { description: 'The clock of the camera, RTP time and sender reports alike, is not as fast as ours' },
  ),
  Type.Object(
    { kind: Type.Literal('time-jump'), seconds: Type.Number({ description: 'Negative: back' }) },
    { description: 'RTP timestamps jump, and jump back when the fault is cleared' },
  ),
  Type.Object(
    { kind: Type.Literal('slow'), rate: Type.Number({ exclusiveMinimum: 0, maximum: 1 }) },
    { description: 'Media time runs at this rate of the wall clock' },
  ),
]);
export type Fault = Static<typeof Fault>;
export type FaultKind = Fault['kind'];

const FAULTS_OF_ANSWERS: ReadonlySet<FaultKind> = new Set([
  'refuse',
  'unauthorised',
  'not-found',
  'audio-only',
  'no-video',
  'stall-describe',
  'slow-answers',
]);

/** Whether the fault is in what the camera answers, so that an open connection would not show it. */
export function isFaultOfAnswers(fault: Fault): boolean {
  return FAULTS_OF_ANSWERS.has(fault.kind);
}

const FAULTS_OF_PICTURES: ReadonlySet<FaultKind> = new Set([
  'freeze',
  'frozen-picture',
  'garbage',
  'audio-only',
  'change-resolution',
  'change-codec',
  'other-clip',
]);

/** Whether another file is shown while the fault lasts. */
export function isFaultWithFile(fault: Fault): fault is Extract<Fault, { file: string }> {
  return 'file' in fault;
}

/** Whether pictures after its begin or end cannot build on those before: both need a keyframe. */
export function isFaultOfPictures(fault: Fault): boolean {
  return FAULTS_OF_PICTURES.has(fault.kind);
}
