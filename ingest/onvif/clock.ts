/** The time that a device has: signatures count by it, and real ones are 40 minutes off. */
import { find, numberAt, type XmlElement } from './xml.ts';

export type DeviceClock = {
  /** How far the device is ahead of us, ms. */
  offsetMs: number;
  /** Who told it: the device's own answer, or the Date header of HTTP. */
  from: 'device' | 'http';
};

/** Of GetSystemDateAndTimeResponse, UTC ms; undefined where it says nothing that can be a time. */
export function readSystemTime(answer: XmlElement): number | undefined {
  const told = find(answer, 'SystemDateAndTime');
  const utc = timeOf(find(told, 'UTCDateTime'));
  // Without UTC the local time is nearer than nothing: most devices of that kind are set to UTC.
  return utc ?? timeOf(find(told, 'LocalDateTime'));
}

function timeOf(element: XmlElement | undefined): number | undefined {
  const date = ['Year', 'Month', 'Day'].map((name) => numberAt(element, 'Date', name));
  const time = ['Hour', 'Minute', 'Second'].map((name) => numberAt(element, 'Time', name));
  const [year, month, day, hour, minute, second] = [...date, ...time];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  // It tells whole seconds: in the middle of one it is half a second off at most.
  const ms = Date.UTC(year, month - 1, day, hour ?? 0, minute ?? 0, second ?? 0, 500);
  return Number.isNaN(ms) ? undefined : ms;
}
