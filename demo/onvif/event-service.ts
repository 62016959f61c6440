/** The Event service: PullPoint subscriptions, their renewal and their end (WS-BaseNotification as ONVIF uses it). */
import type { DeviceContext, Handler, Service } from './context.ts';
import { type Notification, type Subscription, TOPICS, type Topic } from './events.ts';
import { durationMs, elementText, SoapFault, type SoapRequest } from './soap.ts';
import { fields, type Markup, tag } from './xml.ts';

export const SUBSCRIPTION_PATH = '/onvif/subscription/';

const TERM_MS = 60_000;
const TERM_MS_MAX = 3600_000;
const PULL_MS_MAX = 60_000;
const DIALECT = 'http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet';

const unknownResource = () =>
  new SoapFault('There is no such subscription; it may have run out', {
    subcodes: ['ter:InvalidArgVal', 'wsrf:ResourceUnknownFault'],
  });

/** A duration, or a moment of the device's clock, as both are allowed. */
function termMs(text: string | undefined, nowMs: number): number {
  if (text === undefined || text === '') return TERM_MS;
  const term = durationMs(text) ?? Date.parse(text) - nowMs;
  if (!(term > 0)) {
    throw new SoapFault('The termination time lies in the past', {
      subcodes: ['ter:InvalidArgVal', 'wsnt:UnacceptableInitialTerminationTimeFault'],
    });
  }
  return Math.min(term, TERM_MS_MAX);
}

const moment = (ms: number) => new Date(ms).toISOString();

const idOf = ({ path }: DeviceContext) => path.slice(path.indexOf(SUBSCRIPTION_PATH) + SUBSCRIPTION_PATH.length);

function subscriptionOf(request: SoapRequest, device: DeviceContext): Subscription {
  if (device.habits.needsAddressing && !request.hasAddressing) {
    throw new SoapFault('WS-Addressing headers Action and To are required', {
      subcodes: ['wsa:MessageAddressingHeaderRequired'],
    });
  }
  const found = device.path.includes(SUBSCRIPTION_PATH) ? device.events.find(idOf(device)) : undefined;
  if (found === undefined) throw unknownResource();
  return found;
}

const item = (name: string, value: string | boolean) => tag('tt:SimpleItem', [], { Name: name, Value: value });

function topicPath(topic: Topic): string {
  return `tns1:${TOPICS[topic].path.join('/')}`;
}

function notificationMarkup({ topic, source, isOn, atMs, operation }: Notification): Markup {
  const { source: sourceName, data } = TOPICS[topic];
  const rule =
    topic === 'motion' ? [item('VideoAnalyticsConfigurationToken', 'analytics'), item('Rule', 'motion')] : [];
  return tag('wsnt:NotificationMessage', [
    tag('wsnt:Topic', topicPath(topic), { Dialect: DIALECT }),
    tag('wsnt:Message', [
      tag('tt:Message', [tag('tt:Source', [item(sourceName, source), ...rule]), tag('tt:Data', [item(data, isOn)])], {
        UtcTime: moment(atMs),
        PropertyOperation: operation,
      }),
    ]),
  ]);
}

/** The topics as a tree of elements; two that begin alike share their first. */
function topicSet(): Markup {
  const byRoot = Map.groupBy(Object.keys(TOPICS) as Topic[], (topic) => TOPICS[topic].path[0]);
  const branch = (names: readonly string[], topic: Topic): Markup => {
    const [name = '', ...rest] = names;
    if (rest.length > 0) return tag(name, [branch(rest, topic)]);
    const { source, data } = TOPICS[topic];
    const described = (part: string, of: string, type: string) =>
      tag(`tt:${part}`, [tag('tt:SimpleItemDescription', [], { Name: of, Type: type })]);
    const description = tag(
      'tt:MessageDescription',
      [described('Source', source, 'tt:ReferenceToken'), described('Data', data, 'xs:boolean')],
      { IsProperty: true },
    );
    return tag(name, [description], { 'wstop:topic': true });
  };
  return tag(
    'wstop:TopicSet',
    [...byRoot].map(([root, topics]) =>
      tag(
        `tns1:${root}`,
        topics.map((topic) => branch(TOPICS[topic].path.slice(1), topic)),
      ),
    ),
  );
}

const properties: Handler = () =>
  tag('tev:GetEventPropertiesResponse', [
    tag('tev:TopicNamespaceLocation', 'http://www.onvif.org/onvif/ver10/topics/topicns.xml'),
    tag('wsnt:FixedTopicSet', true),
    topicSet(),
    tag('wsnt:TopicExpressionDialect', DIALECT),
    tag('wsnt:TopicExpressionDialect', 'http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete'),
    tag('tev:MessageContentFilterDialect', 'http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter'),
    tag('tev:MessageContentSchemaLocation', 'http://www.onvif.org/onvif/ver10/schema/onvif.xsd'),
  ]);

const create: Handler = ({ text }, device) => {
  const now = device.nowMs();
  const subscription = device.events.subscribe(termMs(elementText(text, 'InitialTerminationTime'), now));
  if (subscription === undefined) {
    throw new SoapFault('No more subscriptions', {
      side: 'Receiver',
      status: 500,
      subcodes: ['wsnt:SubscribeCreationFailedFault'],
    });
  }
  return tag('tev:CreatePullPointSubscriptionResponse', [
    tag(
      'tev:SubscriptionReference',
      fields('wsa', { Address: `${device.address}${SUBSCRIPTION_PATH}${subscription.id}` }),
    ),
    ...fields('wsnt', { CurrentTime: moment(now), TerminationTime: moment(subscription.endsAtMs) }),
  ]);
};

const pull: Handler = async (request, device) => {
  const subscription = subscriptionOf(request, device);
  const waitMs = Math.min(durationMs(elementText(request.text, 'Timeout')) ?? 0, PULL_MS_MAX);
  const limit = Math.max(1, Number(elementText(request.text, 'MessageLimit') ?? 1) || 1);
  const messages = await device.events.pull(subscription.id, { waitMs, limit });
  if (messages === undefined) throw unknownResource();
  return tag('tev:PullMessagesResponse', [
    ...fields('tev', { CurrentTime: moment(device.nowMs()), TerminationTime: moment(subscription.endsAtMs) }),
    ...messages.map(notificationMarkup),
  ]);
};

const renew: Handler = (request, device) => {
  const { id } = subscriptionOf(request, device);
  const now = device.nowMs();
  const renewed = device.events.renew(id, termMs(elementText(request.text, 'TerminationTime'), now));
  if (renewed === undefined) throw unknownResource();
  return tag(
    'wsnt:RenewResponse',
    fields('wsnt', { TerminationTime: moment(renewed.endsAtMs), CurrentTime: moment(now) }),
  );
};

export const EVENT_SERVICE: Service = {
  prefix: 'tev',
  path: '/onvif/event_service',
  handlers: {
    GetServiceCapabilities: () =>
      tag('tev:GetServiceCapabilitiesResponse', [
        tag('tev:Capabilities', [], {
          WSSubscriptionPolicySupport: false,
          WSPullPointSupport: true,
          WSPausableSubscriptionManagerInterfaceSupport: false,
          MaxPullPoints: 10,
        }),
      ]),
    GetEventProperties: properties,
    CreatePullPointSubscription: create,
    PullMessages: pull,
    SetSynchronizationPoint: (request, device) => {
      device.events.synchronise(subscriptionOf(request, device).id);
      return tag('tev:SetSynchronizationPointResponse', []);
    },
  },
};

export const SUBSCRIPTION_SERVICE: Service = {
  prefix: 'wsnt',
  path: SUBSCRIPTION_PATH,
  handlers: {
    Renew: renew,
    Unsubscribe: (request, device) => {
      device.events.end(subscriptionOf(request, device).id);
      return tag('wsnt:UnsubscribeResponse', []);
    },
  },
};
