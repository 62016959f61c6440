/** One PullPoint subscription at a device (ONVIF Core, 9.2): made, asked, renewed and given back. */
import { serviceUrls } from '#ingest/onvif/addresses.ts';
import type { Call, OnvifClient } from '#ingest/onvif/client.ts';
import type { DeviceServices } from '#ingest/onvif/device-services.ts';
import { escapeXml, find, textAt, type XmlElement } from '#ingest/onvif/xml.ts';
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';

export type PullPoint = {
  /** How long the device keeps it, from now. */
  termMs: () => number;
  /** Waits at the device until something happens, for up to `waitMs`. */
  pull: (waitMs: number) => Promise<XmlElement>;
  renew: () => Promise<void>;
  /** Asks the device to tell once more how everything is. */
  synchronise: () => Promise<void>;
  end: () => Promise<void>;
};

export const TERM_S = 600;
const TERM_MS_MIN = 1000;
const TERM_MS_MAX = 3600_000;
/** Beside the wait itself. */
const PULL_ANSWER_MS = 8000;
const MESSAGES_MAX = 100;
const END_MS = 2000;

const EVENTS = 'http://www.onvif.org/ver10/events/wsdl';
const NOTIFICATION = 'http://docs.oasis-open.org/wsn/bw-2';

/** Throws FaultError `camera-no-events`, those of the login and the connection, and SoapFault. */
export async function openPullPoint(client: OnvifClient, services: DeviceServices, termS = TERM_S): Promise<PullPoint> {
  // Relative, because absolute times break on skewed clocks; without any some devices make no subscription.
  const term = `PT${termS}S`;
  const termOf = (answer: XmlElement) => grantedMs(answer) ?? termS * 1000;
  if (!services.has('events')) throw new FaultError('camera-no-events', `${client.target.host} has no event service`);
  const answer = await services.call('events', 'CreatePullPointSubscription', {
    body: `<InitialTerminationTime>${term}</InitialTerminationTime>`,
    addressing: `${EVENTS}/EventPortType/CreatePullPointSubscriptionRequest`,
  });
  const reference = find(answer, 'SubscriptionReference');
  let urls = serviceUrls(textAt(reference, 'Address') ?? '', client.target);
  if (urls.length === 0) {
    throw new FaultError('camera-answer-broken', `${client.target.host} names no address of its subscription`);
  }
  const header = (find(reference, 'ReferenceParameters')?.children ?? []).map(markupOf).join('');
  let endsAtMs = performance.now() + termOf(answer);

  const call = async (options: Omit<Call, 'url' | 'header'>): Promise<XmlElement> => {
    for (const [index, url] of urls.entries()) {
      try {
        const told = await client.call({ ...options, header, url });
        urls = [url];
        return told;
      } catch (error) {
        const isElsewhere = /^camera-(refused|unreachable|timed-out|not-onvif)$/.test(faultCodeOf(error));
        if (!isElsewhere || index === urls.length - 1) throw error;
      }
    }
    throw new Error('unreachable: there is at least one address');
  };
  const manage = (action: 'Renew' | 'Unsubscribe', body = '', timeoutMs?: number) =>
    call({
      service: 'subscription',
      action,
      body,
      addressing: `${NOTIFICATION}/SubscriptionManager/${action}Request`,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });

  return {
    termMs: () => endsAtMs - performance.now(),
    pull: (waitMs) =>
      call({
        service: 'events',
        action: 'PullMessages',
        body: `<Timeout>PT${Math.max(1, Math.floor(waitMs / 1000))}S</Timeout><MessageLimit>${MESSAGES_MAX}</MessageLimit>`,
        addressing: `${EVENTS}/PullPointSubscription/PullMessagesRequest`,
        timeoutMs: waitMs + PULL_ANSWER_MS,
      }),
    async renew() {
      const told = await manage('Renew', `<TerminationTime>${term}</TerminationTime>`);
      endsAtMs = performance.now() + termOf(told);
    },
    async synchronise() {
      const addressing = `${EVENTS}/PullPointSubscription/SetSynchronizationPointRequest`;
      await call({ service: 'events', action: 'SetSynchronizationPoint', addressing });
    },
    async end() {
      await manage('Unsubscribe', '', END_MS);
    },
  };
}

/** What the device grants, by its own clock at both ends. */
function grantedMs(answer: XmlElement): number | undefined {
  const [now, end] = ['CurrentTime', 'TerminationTime'].map((name) => Date.parse(textAt(answer, name) ?? ''));
  const granted = (end ?? Number.NaN) - (now ?? Number.NaN);
  return Number.isFinite(granted) ? Math.min(Math.max(granted, TERM_MS_MIN), TERM_MS_MAX) : undefined;
}

/** Reference parameters come back as they were; a namespace is whatever URI the element declares itself. */
function markupOf({ name, attributes, children, text }: XmlElement): string {
  const namespace = Object.values(attributes).find((value) => /^(?:https?|urn):/.test(value));
  const declared = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`;
  return `<${name}${declared}>${escapeXml(text)}${children.map(markupOf).join('')}</${name}>`;
}
