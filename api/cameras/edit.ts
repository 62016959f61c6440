/** From what a person sends to the camera that is registered: checked, with defaults, its password sealed. */
import { seal, unseal } from '#models/registry/seal.ts';
import type { Area } from '#models/schema/area.ts';
import type { Camera, CameraSource, Placement, RtspSource } from '#models/schema/camera.ts';
import type { CameraInput, CameraPatch } from '#models/schema/camera-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { type Config, nearest } from '#system/config.ts';
import { checkFile, readRtspUrl } from './source.ts';
import { refuseStrangers } from './strangers.ts';

export type EditPlaces = { config: Config; sealKey: Buffer; areas: readonly Area[] };

type SourceFields = Pick<CameraPatch, 'url' | 'file' | 'transport' | 'isLooped' | 'user' | 'password'>;

export function makeCamera(id: string, input: Omit<CameraInput, 'login'>, places: EditPlaces): Camera {
  if ((input.url === undefined) === (input.file === undefined)) {
    throw new FaultError('invalid-value', 'a camera has one source: either body.url or body.file is expected');
  }
  const { config } = places;
  const nowMs = Date.now();
  const { position, placement, device, tags, importance, site, model, scoreMin, inputSize } = input;
  const masks = { privacyMasks: drawn(input.privacyMasks), groundMask: drawn(input.groundMask) };
  const watchUrl = withoutCredentials(input.watchUrl);
  return {
    id,
    name: input.name,
    source: makeSource(id, input, { former: undefined, ...places }),
    area: knownArea(input.area ?? null, places.areas),
    ...present({ position, placement, device, watchUrl, tags, importance, site, model, scoreMin, inputSize }),
    ...present(masks),
    isEnabled: input.isEnabled ?? true,
    sampleFps: input.sampleFps ?? config.sampleFps,
    isGated: input.isGated ?? config.isGated,
    fullLookIntervalS: input.fullLookIntervalS ?? config.fullLookIntervalS,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** What is absent stays, null clears. */
export function editCamera(camera: Camera, patch: Omit<CameraPatch, 'login'>, places: EditPlaces): Camera {
  const { name, isEnabled, sampleFps, isGated, fullLookIntervalS, position, model, scoreMin, inputSize } = patch;
  const { device, tags, importance, site, placement } = patch;
  const watchUrl = withoutCredentials(patch.watchUrl);
  const edited = {
    ...camera,
    ...present({ name, isEnabled, sampleFps, isGated, fullLookIntervalS, position, model, scoreMin, inputSize }),
    ...present({ device, watchUrl, tags, importance, site }),
    ...present({ privacyMasks: cleared(patch.privacyMasks), groundMask: cleared(patch.groundMask) }),
    ...present({ placement: placement && placementOf(camera.placement, placement) }),
    ...(patch.area === undefined ? {} : { area: knownArea(patch.area, places.areas) }),
    source: makeSource(camera.id, patch, { former: camera.source, ...places }),
    updatedAtMs: Date.now(),
  };
  const kept = Object.entries(edited).filter(([key, value]) => value !== null || key === 'area');
  const whole = Object.fromEntries(kept) as Camera;
  refuseStrangers(camera, whole, { isPasswordGiven: patch.password !== undefined });
  return whole;
}

/** No ring is no mask. */
const drawn = (rings: PictureRings | undefined) => (rings?.length === 0 ? undefined : rings);
const cleared = (rings: PictureRings | null | undefined) => (rings?.length === 0 ? null : rings);

function placementOf(former: Placement | undefined, patch: NonNullable<CameraPatch['placement']>): Placement | null {
  const fields = Object.entries({ ...former, ...patch }).filter(([, value]) => value !== null);
  return fields.length === 0 ? null : Object.fromEntries(fields);
}

/** Without the user and password that may stand in it: people watch with those of the camera. */
function withoutCredentials<Url extends string | null | undefined>(watchUrl: Url): Url | string {
  return typeof watchUrl === 'string' ? readRtspUrl(watchUrl, 'watchUrl').url : watchUrl;
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}

function knownArea(area: string | null, areas: readonly Area[]): string | null {
  if (area === null || areas.some(({ id }) => id === area)) return area;
  const near = nearest(
    area,
    areas.map(({ id }) => id),
  );
  throw new FaultError('invalid-value', `body.area: there is no area "${area}"`, {
    cure: near === undefined ? 'Import the areas first: ./sharp-eyes grid import <file>.' : `Did you mean "${near}"?`,
  });
}

type SourcePlaces = EditPlaces & { former: CameraSource | undefined };

function makeSource(camera: string, fields: SourceFields, places: SourcePlaces): CameraSource {
  if (fields.url !== undefined && fields.file !== undefined) {
    throw new FaultError('invalid-value', 'a camera has one source: body.url and body.file exclude each other');
  }
  const isFile = fields.file !== undefined || (fields.url === undefined && places.former?.kind === 'file');
  const foreign = isFile ? (['transport', 'user', 'password'] as const) : (['isLooped'] as const);
  const wrong = foreign.find((field) => fields[field] !== undefined && fields[field] !== null);
  if (wrong !== undefined) {
    throw new FaultError('invalid-value', `body.${wrong} does not belong to ${isFile ? 'a file' : 'an RTSP camera'}`);
  }
  return isFile ? makeFileSource(fields, places) : makeRtspSource(camera, fields, places);
}

function makeFileSource(fields: SourceFields, { former, config }: SourcePlaces): CameraSource {
  const file = former?.kind === 'file' ? former : undefined;
  const path = fields.file === undefined ? undefined : checkFile(fields.file, config);
  return { kind: 'file', path: path ?? file?.path ?? '', isLooped: fields.isLooped ?? file?.isLooped ?? true };
}

function makeRtspSource(camera: string, fields: SourceFields, { former, sealKey }: SourcePlaces): CameraSource {
  const rtsp: Partial<RtspSource> = former?.kind === 'rtsp' ? former : {};
  /** The same password stays sealed as it is, so that saying it again is no change. */
  const sealAgain = (secret: string, before: string | undefined) =>
    before !== undefined && opened(before, sealKey, camera) === secret ? before : seal(secret, sealKey, camera);
  const typed = fields.url === undefined ? undefined : readRtspUrl(fields.url);
  const password = fields.password ?? typed?.password;
  const user = fields.user === undefined ? (typed?.user ?? rtsp.user) : (fields.user ?? undefined);
  const sealed =
    password === undefined || password === '' ? rtsp.sealedPassword : sealAgain(password, rtsp.sealedPassword);
  const isElsewhere = typed !== undefined && rtsp.url !== undefined && hostOf(typed.url) !== hostOf(rtsp.url);
  if (isElsewhere && rtsp.sealedPassword !== undefined && password === undefined && fields.password !== null) {
    // Otherwise whoever may edit a camera could have its password sent to a host of theirs.
    throw new FaultError('invalid-value', 'body.url names another host: body.password is expected again', {
      cure: 'Send the password for the new host, or null where it needs none.',
    });
  }
  if (sealed !== undefined && fields.password !== null && user === undefined) {
    throw new FaultError('invalid-value', 'a password was given without a user: body.user is expected as well');
  }
  return {
    kind: 'rtsp',
    url: typed?.url ?? rtsp.url ?? '',
    transport: fields.transport ?? rtsp.transport ?? 'tcp',
    ...(user === undefined || user === '' ? {} : { user }),
    ...(sealed === undefined || fields.password === null ? {} : { sealedPassword: sealed }),
  };
}

/** Undefined where it was sealed with another key. */
function opened(sealed: string, key: Buffer, camera: string): string | undefined {
  try {
    return unseal(sealed, key, camera);
  } catch {
    return undefined;
  }
}

const hostOf = (url: string) => URL.parse(url)?.host;
