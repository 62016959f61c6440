/** The configuration's keys about pictures of alerts: how long a camera is remembered, where pictures lie, until when. */
import Type from 'typebox';

const text = (description: string) => Type.String({ default: '', description });
const whole = (value: number, [minimum, maximum]: readonly [number, number], description: string) =>
  Type.Integer({ default: value, minimum, maximum, description });
const days = (value: number, of: string) =>
  whole(value, [1, 3650], `Days that the blurred pictures of ${of} alerts are kept.`);

export const EVIDENCE_SETTINGS = {
  evidenceRingS: whole(
    40,
    [10, 600],
    'Seconds of each camera that its worker remembers as packets, in memory, for pictures of alerts.',
  ),
  evidenceRingMb: whole(24, [1, 1024], 'Memory for them per camera, MiB; beyond it the oldest pictures go.'),
  evidenceBeforeS: whole(5, [1, 30], 'Seconds that a clip shows before what happened, unless its rule says otherwise.'),
  evidenceAfterS: whole(5, [1, 30], 'Seconds that a clip shows after what happened, unless its rule says otherwise.'),
  evidenceDir: text('Folder of pictures of alerts; empty takes data/evidence.'),
  evidenceS3Url: text(
    'S3-compatible bucket for them instead: https://host/bucket/prefix?region=…; keys in the URL, in data/secrets/evidence-s3 (id:secret), or in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ),
  evidenceMaxMb: whole(
    20_480,
    [1, 1_048_576],
    'Room for pictures of alerts, MiB; beyond it the least severe go, oldest first.',
  ),
  evidenceReservedMb: whole(
    2048,
    [0, 1_048_576],
    'Free space of the disk, MiB, that pictures of alerts leave to everything else.',
  ),
  evidenceCriticalDays: days(90, 'critical'),
  evidenceMajorDays: days(30, 'major'),
  evidenceMinorDays: days(14, 'minor'),
  evidenceInfoDays: days(7, 'informing'),
  evidenceUnblurredDays: whole(
    7,
    [0, 3650],
    'Days that the same pictures are kept without blurring, sealed, for who has the right and a reason; 0: never.',
  ),
};
