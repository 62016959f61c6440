/** Everything the page says, in English; its shape is what the other languages must fill. */
import type { CAMERA_STATES } from '#models/schema/camera.ts';
import type { Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { ViewName } from '../workspace/view.ts';

export type StateName = (typeof CAMERA_STATES)[number];

const kinds: Record<Kind, string> = {
  person: 'People',
  bicycle: 'Bicycles',
  motorcycle: 'Motorcycles',
  car: 'Cars',
  bus: 'Buses',
  truck: 'Trucks',
};

const kindOfOne: Record<Kind, string> = {
  person: 'person',
  bicycle: 'bicycle',
  motorcycle: 'motorcycle',
  car: 'car',
  bus: 'bus',
  truck: 'truck',
};

const states: Record<StateName, string> = {
  waiting: 'Waiting for a worker',
  connecting: 'Connecting',
  live: 'Live',
  degraded: 'Degraded',
  down: 'Down',
  disabled: 'Switched off',
};

const views: Record<ViewName | 'title', string> = { title: 'Views', map: 'Map', health: 'Health' };

const measures: Record<Measure, string> = { presence: 'Presence', tracks: 'Distinct tracks' };

const measureNotes: Record<Measure, string> = {
  presence: 'How long things were in the cell, added up',
  tracks: 'How many different tracks touched the cell',
};

export const english = {
  locale: 'en-GB',
  name: 'Sharp Eyes',
  otherLanguage: '中文',
  otherLanguageTitle: '切换到中文',
  loading: 'Loading',
  close: 'Close',
  kinds,
  kindOfOne,
  allKinds: 'All kinds',
  kind: 'Kind',
  states,
  views,
  measures,
  measureNotes,
  measure: 'Measure',
  theme: { toLight: 'Switch to light', toDark: 'Switch to dark' },
  signIn: {
    title: 'Sign in',
    lead: 'Counts and locates kinds of things. Never asks who.',
    user: 'User',
    password: 'Password',
    submit: 'Sign in',
    busy: 'Signing in…',
    ended: 'Your session has ended. Sign in again.',
    linkFailed: 'The sign-in link did not work',
    linkCure: 'A link works once, for a short while. Sign in with a password, or ask for a new link.',
    wrong: 'The user or the password is wrong',
    wrongCure: 'Type both again. An administrator can set a new password.',
    hint: 'The first start showed the password of the administrator, once.',
    signOut: 'Sign out',
  },
  connection: {
    current: (time: string) => `Figures as of ${time}`,
    lost: 'No answer from Sharp Eyes. Trying again…',
    lostSince: (time: string) => `No answer from Sharp Eyes. Trying again… Figures as of ${time}.`,
    unreachable: 'Sharp Eyes does not answer',
    unreachableCure: 'See that it runs: ./sharp-eyes doctor. This page tries again by itself.',
  },
  now: {
    title: 'Now',
    people: 'People',
    vehicles: 'Vehicles',
    on: (live: number, all: number) => `seen by ${live} of ${all} ${all === 1 ? 'camera' : 'cameras'}`,
    none: 'no camera is live',
  },
  range: {
    title: 'Time range',
    quarter: '15 min',
    hour: '1 hour',
    today: 'Today',
    day: '24 hours',
    custom: 'Custom',
    from: 'From',
    to: 'To',
    apply: 'Show',
    wrong: 'The end must be after the start.',
  },
  summary: {
    title: 'In this range',
    average: 'At once, on average',
    presence: 'Presence',
    tracks: 'Tracks',
    observed: (duration: string) => `Cameras watched for ${duration}`,
    unobserved: 'No camera watched in this range.',
    chart: (from: string, to: string) => `How much was there over time, from ${from} to ${to}`,
  },
  cell: {
    observed: 'Watched for',
    perHour: 'Tracks per hour watched',
    atOnce: 'At once, on average',
    empty: 'Watched, nothing there',
    size: (metres: string) => `about ${metres} across`,
  },
  legend: {
    title: 'Legend',
    seconds: 'time per cell',
    count: 'tracks per cell',
    empty: 'Watched, empty',
    unwatched: 'Not watched',
    cells: (size: string) => `Cells of ${size}`,
    noFigures: 'No figures in this range yet',
  },
  cameras: {
    title: 'Cameras',
    tally: (live: number, all: number) => `${live} of ${all} live`,
    none: 'No cameras yet',
    unplaced: 'Not placed on the map',
    uncalibrated: 'Not calibrated: it counts, but not on the map',
    since: (time: string) => `since ${time}`,
    show: (name: string, state: string) => `Camera ${name}, ${state}`,
    noState: 'Nothing heard from it yet',
    quiet: 'Quiet',
    quietNote: 'Nothing moves: pictures are skipped, not decoded',
    watching: 'Watching',
    watchingNote: 'Something moves, or somebody looks: every sampled picture is looked at',
  },
  live: {
    title: 'Live picture',
    opening: 'Opening the picture…',
    noneWhile: (state: string) => `There is no live picture while the camera is: ${state}.`,
    reopening: 'The picture stopped. Opening it again…',
    hideBoxes: 'Hide boxes',
    showBoxes: 'Show boxes',
    nothing: 'Nothing in view',
    inView: 'In view',
  },
  figures: {
    stream: 'Stream',
    work: 'Work',
    fps: 'Pictures / s',
    codec: 'Codec',
    size: 'Size',
    bitrate: 'Bit rate',
    packets: 'Packets',
    decoded: 'Decoded',
    skipped: 'Skipped by the gate',
    looked: 'Looked at',
    dropped: 'Dropped',
    failed: 'Failed to decode',
    reconnects: 'Reconnects',
    timeJumps: 'Jumps in time',
    worker: 'Worker',
    calibration: 'Calibration',
    calibrationVersion: (version: number) => `version ${version}`,
    lastPicture: 'Last picture',
    none: 'none',
  },
  map: {
    label: 'Map of the areas, the heat map and the cameras',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Show everything',
    empty: 'Nothing is on the map yet',
    emptyCure: 'Import the outlines of your areas, or give a camera its position.',
    failed: 'The map cannot be drawn',
    failedCure: 'This browser offers no WebGL 2. Switch on hardware acceleration, or use another browser.',
    keys: 'Arrow keys move the map, plus and minus zoom; the cell in the middle is read out.',
  },
  sheet: { toggle: 'Show more or less' },
  units: {
    second: 's',
    minute: 'min',
    hour: 'h',
    day: 'd',
    fps: 'fps',
    kbps: 'kbit/s',
    mbps: 'Mbit/s',
    metre: 'm',
  },
  /** The API's sentences about the site, by their code; none where the API's own words serve. */
  sentences: {} as Record<string, string>,
  faults: null as Record<string, { title: string; cure: string }> | null,
};

export type Words = typeof english;
