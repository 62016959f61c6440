/** From what a person sends to the camera that is registered: checked, with defaults, its password sealed. */
import { seal } from '#models/registry/seal.ts';
import type { Area } from '#models/schema/area.ts';
import type { Camera, CameraSource, RtspSource } from '#models/schema/camera.ts';
import type { CameraInput, CameraPatch } from '#models/schema/camera-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import { type Config, nearest } from '#system/config.ts';
import { checkFile, readRtspUrl } from './source.ts';

export type EditPlaces = { config: Config; sealKey: Buffer; areas: readonly Area[] };

type SourceFields = Pick<CameraPatch, 'url' | 'file' | 'transport' | 'isLooped' | 'user' | 'password'>;

export function makeCamera(id: string, input: CameraInput, places: EditPlaces): Camera {
  if ((input.url === undefined) === (input.file === undefined)) {
    throw new FaultError('invalid-value', 'a camera has one source: either body.url or body.file is expected');
  }
  const { config } = places;
  const nowMs = Date.now();
  return {
    id,
    name: input.name,
    source: makeSource(id, input, { former: undefined, ...places }),
    area: knownArea(input.area ?? null, places.areas),
    ...(input.position === undefined ? {} : { position: input.position }),
    isEnabled: input.isEnabled ?? true,
    sampleFps: input.sampleFps ?? config.sampleFps,
    isGated: input.isGated ?? config.isGated,
    fullLookIntervalS: input.fullLookIntervalS ?? config.fullLookIntervalS,
    ...(input.model === undefined ? {} : { model: input.model }),
    ...(input.scoreMin === undefined ? {} : { scoreMin: input.scoreMin }),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** What is absent stays, null clears. */
export function editCamera(camera: Camera, patch: CameraPatch, places: EditPlaces): Camera {
  const { name, isEnabled, sampleFps, isGated, fullLookIntervalS, position, model, scoreMin } = patch;
  const edited = {
    ...camera,
    ...present({ name, isEnabled, sampleFps, isGated, fullLookIntervalS, position, model, scoreMin }),
    ...(patch.area === undefined ? {} : { area: knownArea(patch.area, places.areas) }),
    source: makeSource(camera.id, patch, { former: camera.source, ...places }),
    updatedAtMs: Date.now(),
  };
  const cleared = Object.entries(edited).filter(([key, value]) => value !== null || key === 'area');
  return Object.fromEntries(cleared) as Camera;
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
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
  const typed = fields.url === undefined ? undefined : readRtspUrl(fields.url);
  const password = fields.password ?? typed?.password;
  const user = fields.user === undefined ? (typed?.user ?? rtsp.user) : (fields.user ?? undefined);
  const sealed = password === undefined || password === '' ? rtsp.sealedPassword : seal(password, sealKey, camera);
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

const hostOf = (url: string) => URL.parse(url)?.host;
