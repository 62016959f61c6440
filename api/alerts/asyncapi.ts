/** The streams of alerts as an AsyncAPI 3.0 document, made from the very schemas that check the events. */
import { AlertEvent, EvidenceEvent, IncidentEvent, WorkEvent } from '#models/schema/alert.ts';
import { STREAMED_KINDS } from '#models/schema/alert-query.ts';
import { AREA_LEVELS } from '#models/schema/area.ts';
import { SEVERITIES } from '#models/schema/severity.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';

const MESSAGES = {
  alert: { schema: AlertEvent, summary: 'A rule fired' },
  incident: { schema: IncidentEvent, summary: 'Alerts of one thing that happens began, went on, or ended' },
  work: { schema: WorkEvent, summary: 'A person acknowledged, marked, closed or noted' },
  evidence: { schema: EvidenceEvent, summary: 'Pictures of an alert were kept, are missing, or were deleted' },
} as const;

type Facts = { version: string; host: string; isSecure: boolean };

export function describeStreams({ version, host, isSecure }: Facts): Record<string, unknown> {
  const messages = Object.fromEntries(STREAMED_KINDS.map((kind) => [kind, { $ref: `#/components/messages/${kind}` }]));
  const levels = Object.fromEntries(
    AREA_LEVELS.map((level) => [level, { description: `Id of the ${level}; _ where unknown` }]),
  );
  const http = (id: string, address: string, description: string) => [
    id,
    { address, description, messages, servers: [{ $ref: `#/servers/${id}` }] },
  ];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Sharp Eyes: alerts',
      version,
      description: `CloudEvents 1.0 in JSON. Every event has an id that is the same where it comes twice, and a sequence to go on from: the stream ${ALERTS_STREAM.name} keeps a week.`,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      nats: {
        host: `${host.split(':')[0]}:4222`,
        protocol: 'nats',
        description: 'Credentials: POST /api/v1/subscriptions',
      },
      stream: {
        host,
        protocol: isSecure ? 'https' : 'http',
        description: 'Server-sent events, with a token or a session',
      },
      socket: { host, protocol: isSecure ? 'wss' : 'ws', description: 'A WebSocket, with a token or a session' },
    },
    channels: Object.fromEntries([
      [
        'alerts',
        {
          address: `sharpeyes.alerts.${AREA_LEVELS.map((level) => `{${level}}`).join('.')}.{severity}`,
          title: 'NATS subject',
          description: `Of JetStream ${ALERTS_STREAM.name}; subscribe to an area with all below it by >, such as sharpeyes.alerts.*.lixia.>`,
          parameters: { ...levels, severity: { enum: [...SEVERITIES], description: 'The last token' } },
          messages,
          servers: [{ $ref: '#/servers/nats' }],
        },
      ],
      http('stream', '/api/v1/alert-stream', 'id is the sequence; Last-Event-ID or since goes on behind it'),
      http('socket', '/api/v1/alert-socket', 'Each message is {"sequence", "event"}; since goes on behind a sequence'),
    ]),
    operations: Object.fromEntries(
      ['alerts', 'stream', 'socket'].map((channel) => [
        `receive-${channel}`,
        { action: 'send', channel: { $ref: `#/channels/${channel}` }, summary: 'Sent to whoever subscribes' },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        Object.entries(MESSAGES).map(([kind, { schema, summary }]) => [
          kind,
          {
            name: kind,
            title: schema.properties.type.const,
            summary,
            contentType: 'application/json',
            payload: plain(schema),
          },
        ]),
      ),
    },
  };
}

/** As JSON Schema alone. */
const plain = (schema: object): unknown => JSON.parse(JSON.stringify(schema));
