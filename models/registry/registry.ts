/** The registry: cameras, areas, calibrations, people and what workers say of cameras, each a table. */
import type { NatsConnection } from '@nats-io/nats-core';
import Type, { type Static } from 'typebox';
import { IncidentWork } from '../schema/alert.ts';
import { Area } from '../schema/area.ts';
import { BuildingTile } from '../schema/building.ts';
import { CalendarDay } from '../schema/calendar-day.ts';
import { Calibration } from '../schema/calibration.ts';
import { Camera, CameraState } from '../schema/camera.ts';
import { Channel, ChannelState, DeadLetter } from '../schema/channel.ts';
import { KeptView } from '../schema/dashboard.ts';
import { DeviceLogin } from '../schema/device-login.ts';
import { Id, TimeMs } from '../schema/id.ts';
import { KeyPlace } from '../schema/key-place.ts';
import { ReferenceView } from '../schema/reference-view.ts';
import { Quiet, Rule, RuleState } from '../schema/rule.ts';
import { Subscription } from '../schema/subscription.ts';
import { AreaTotals } from '../schema/total.ts';
import { Token, User } from '../schema/user.ts';
import { BUCKETS } from '../wire/streams.ts';
import { openTable, type Table } from './table.ts';

/**
 * Who has a camera. `term` fences messages of those who had it before: the time when the bucket was made (µs) plus the
 * revision at which the worker took the camera, so that it grows also where the bucket is lost and made anew.
 */
export const Lease = Type.Object({
  camera: Id,
  worker: Type.String(),
  term: Type.Integer({ minimum: 0 }),
  renewedAtMs: TimeMs,
});
export type Lease = Static<typeof Lease>;

/** A living ingest worker; cameras are shared among those that have a mark. */
export const WorkerMark = Type.Object({
  worker: Id,
  host: Type.String(),
  pid: Type.Integer(),
  cameras: Type.Integer({ minimum: 0, description: 'Cameras it has now' }),
  cameraCap: Type.Integer({ minimum: 1, description: 'Most cameras it takes' }),
  startedAtMs: TimeMs,
  renewedAtMs: TimeMs,
});
export type WorkerMark = Static<typeof WorkerMark>;

export type Registry = {
  /** key: camera id */
  cameras: Table<Camera>;
  /** key: area id */
  areas: Table<Area>;
  /** key: camera id; the bucket's history keeps former versions */
  calibrations: Table<Calibration>;
  /** key: camera id */
  states: Table<CameraState>;
  /** key: YYYY-MM-DD */
  calendar: Table<CalendarDay>;
  /** key: camera id; what stands still in its view */
  views: Table<ReferenceView>;
  /** key: H3 cell of the tile */
  buildings: Table<BuildingTile>;
  /** key: place id */
  keyPlaces: Table<KeyPlace>;
  /** key: area id; totals that others count */
  totals: Table<AreaTotals>;
};

/** What alerting works by. */
export type AlertRegistry = {
  /** key: rule id; the bucket's history keeps former versions */
  rules: Table<Rule>;
  /** key: rule id */
  ruleStates: Table<RuleState>;
  /** key: id of the span */
  quiets: Table<Quiet>;
  /** key: incident id */
  incidentWork: Table<IncidentWork>;
  /** key: channel id */
  channels: Table<Channel>;
  /** key: channel id */
  channelStates: Table<ChannelState>;
  /** key: `<channel>.<24 hex of the event>` */
  deadLetters: Table<DeadLetter>;
};

export type People = {
  /** key: user id */
  users: Table<User>;
  /** key: SHA-256 of the secret, hex */
  tokens: Table<Token>;
  /** key: login id; of devices, not of people */
  logins: Table<DeviceLogin>;
  /** key: subscription id */
  subscriptions: Table<Subscription>;
  /** key: id of the view */
  keptViews: Table<KeptView>;
};

export async function openRegistry(connection: NatsConnection): Promise<Registry> {
  return {
    cameras: await openTable(connection, Camera, BUCKETS.cameras),
    areas: await openTable(connection, Area, BUCKETS.areas),
    calibrations: await openTable(connection, Calibration, BUCKETS.calibrations),
    states: await openTable(connection, CameraState, BUCKETS.states),
    calendar: await openTable(connection, CalendarDay, BUCKETS.calendar),
    views: await openTable(connection, ReferenceView, BUCKETS.views),
    buildings: await openTable(connection, BuildingTile, BUCKETS.buildings),
    keyPlaces: await openTable(connection, KeyPlace, BUCKETS.keyPlaces),
    totals: await openTable(connection, AreaTotals, BUCKETS.totals),
  };
}

export async function openAlertRegistry(connection: NatsConnection): Promise<AlertRegistry> {
  return {
    rules: await openTable(connection, Rule, BUCKETS.rules),
    ruleStates: await openTable(connection, RuleState, BUCKETS.ruleStates),
    quiets: await openTable(connection, Quiet, BUCKETS.quiets),
    incidentWork: await openTable(connection, IncidentWork, BUCKETS.incidentWork),
    channels: await openTable(connection, Channel, BUCKETS.channels),
    channelStates: await openTable(connection, ChannelState, BUCKETS.channelStates),
    deadLetters: await openTable(connection, DeadLetter, BUCKETS.deadLetters),
  };
}

/** Users, tokens, remembered logins and what people keep: for the API alone; other roles' credentials do not reach these buckets. */
export async function openPeople(connection: NatsConnection): Promise<People> {
  return {
    users: await openTable(connection, User, BUCKETS.users),
    tokens: await openTable(connection, Token, BUCKETS.tokens),
    logins: await openTable(connection, DeviceLogin, BUCKETS.logins),
    subscriptions: await openTable(connection, Subscription, BUCKETS.subscriptions),
    keptViews: await openTable(connection, KeptView, BUCKETS.keptViews),
  };
}

export function openLeases(connection: NatsConnection): Promise<Table<Lease>> {
  return openTable(connection, Lease, BUCKETS.leases);
}

/** key: worker id */
export function openWorkers(connection: NatsConnection): Promise<Table<WorkerMark>> {
  return openTable(connection, WorkerMark, BUCKETS.workers);
}
