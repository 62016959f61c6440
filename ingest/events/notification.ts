/** Reads notifications of a PullMessages answer (ONVIF Core, 9.4): only the topics that we know, as facts. */
import { find, findAll, textAt, type XmlElement } from '#ingest/onvif/xml.ts';
import type { EventTopic } from '#models/schema/camera-event.ts';

export type Notification = {
  topic: EventTopic;
  source: string;
  isOn: boolean;
  /** By the device's clock; undefined where it names no readable time. */
  deviceAtMs: number | undefined;
  /** Told because somebody asked how things are, not because they changed. */
  isInitial: boolean;
};

/** As makes spell them; without prefixes. What else a device detects (faces, plates) is not read. */
const TOPICS: readonly [RegExp, EventTopic][] = [
  [/^RuleEngine\/(Cell)?MotionDetector\/Motion$/, 'motion'],
  [/^RuleEngine\/MotionRegionDetector\/Motion$/, 'motion'],
  [/^VideoSource\/MotionAlarm$/, 'motion'],
  [/^VideoAnalytics\/MotionDetect(ion|or)(\/Motion)?$/, 'motion'],
  [/^VideoSource\/GlobalSceneChange(\/\w+)?$/, 'tamper'],
  [/^RuleEngine\/TamperDetector\/Tamper$/, 'tamper'],
  [/^VideoSource\/(SignalLoss|VideoLoss|ConnectionFailed)$/, 'signal-loss'],
  [/^Device\/Trigger\/DigitalInput$/, 'digital-input'],
];

const SOURCE_NAMES =
  /^(Source|VideoSource|VideoSourceToken|VideoSourceConfigurationToken|InputToken|Token|VideoSourceConfiguration)$/i;
const STATE_NAMES = /^(IsMotion|State|IsTamper|LogicalState|Value)$/i;

const TOKEN_CHARACTERS_MAX = 120;
export const NOTIFICATIONS_MAX = 500;

export function readNotifications(answer: XmlElement): { known: Notification[]; others: number } {
  const all = findAll(answer, 'NotificationMessage').slice(0, NOTIFICATIONS_MAX);
  const known = all.flatMap((one) => readNotification(one));
  return { known, others: all.length - known.length };
}

function readNotification(one: XmlElement): Notification[] {
  const path = (textAt(one, 'Topic') ?? '').replace(/[\w-]+:/g, '');
  const topic = TOPICS.find(([pattern]) => pattern.test(path))?.[1];
  // Some leave the outer of the two elements out.
  const message = find(one, 'Message', 'Message') ?? find(one, 'Message');
  if (topic === undefined || message === undefined) return [];
  const value = itemOf(find(message, 'Data'), STATE_NAMES);
  const isOn = /^(true|1|on|active)$/i.test(value ?? '');
  if (value === undefined || !(isOn || /^(false|0|off|inactive)$/i.test(value))) return [];
  const { UtcTime: time = '', PropertyOperation: operation = '' } = message.attributes;
  const deviceAtMs = Date.parse(time);
  return [
    {
      topic,
      source: (itemOf(find(message, 'Source'), SOURCE_NAMES) ?? '').slice(0, TOKEN_CHARACTERS_MAX),
      isOn,
      deviceAtMs: Number.isFinite(deviceAtMs) ? deviceAtMs : undefined,
      isInitial: /^Initialized$/i.test(operation),
    },
  ];
}

function itemOf(list: XmlElement | undefined, names: RegExp): string | undefined {
  return findAll(list, 'SimpleItem').find(({ attributes }) => names.test(attributes.Name ?? ''))?.attributes.Value;
}
