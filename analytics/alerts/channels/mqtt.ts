/** A broker of the user's: each event at QoS 1 under `<topic>/<area path>/<severity>`, and Home Assistant's discovery. */
import { connectAsync, type MqttClient } from 'mqtt';
import type { Static } from 'typebox';
import { EVENT_TYPES, type StreamEvent } from '#models/schema/alert.ts';
import type { MqttChannel } from '#models/schema/channel.ts';
import { FaultError } from '#models/schema/fault.ts';
import { SEVERITIES } from '#models/schema/severity.ts';
import type { Outlet } from './outlet.ts';

const TIMEOUT_MS = 10_000;

type Mqtt = Static<typeof MqttChannel>;

/** States: *closed*, or *open* from the first event until one fails: the next try connects anew. */
export function openMqtt(channel: Mqtt, { password }: { password: string | undefined }): Outlet {
  let client: MqttClient | undefined;

  async function connected(): Promise<MqttClient> {
    if (client?.connected === true) return client;
    client?.end(true);
    const options = {
      clientId: `sharp-eyes-${channel.id}`,
      reconnectPeriod: 0,
      connectTimeout: TIMEOUT_MS,
      ...(channel.user === undefined ? {} : { username: channel.user }),
      ...(password === undefined ? {} : { password }),
    };
    client = await connectAsync(channel.url, options, false);
    // What goes wrong shows where something is sent.
    client.on('error', () => {});
    if (channel.isHomeAssistant === true) await announce(client, channel);
    return client;
  }

  async function publish(topic: string, payload: string, signal: AbortSignal): Promise<void> {
    try {
      const open = await connected();
      await within(open.publishAsync(topic, payload, { qos: 1 }), signal);
    } catch (cause) {
      client?.end(true);
      client = undefined;
      if (cause instanceof FaultError) throw cause;
      const { message, code } = cause as Error & { code?: number };
      // 4 and 5 of MQTT 3.1.1 (section 3.2.2.3), 134 and 135 of MQTT 5: user or password are wrong, or have not the right.
      const isRefused = code !== undefined && [4, 5, 134, 135].includes(code);
      const fault = isRefused ? 'channel-refused' : 'channel-unreachable';
      throw new FaultError(fault, `${new URL(channel.url).host}: ${message || 'no connection'}`, { cause });
    }
  }

  return {
    async send({ event, json }, { signal }) {
      await publish(`${channel.topic}/${event.subject}/${event.severity}`, json, signal);
      if (channel.isHomeAssistant === true && event.type === EVENT_TYPES.alert) {
        await publish(homeTopic(channel), JSON.stringify(homeEvent(event)), signal);
      }
    },
    sendNote: ({ name, event }, { signal }) => publish(`${channel.topic}/${name}`, JSON.stringify(event), signal),
    async [Symbol.asyncDispose]() {
      client?.end(true);
    },
  };
}

async function within(sending: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(new FaultError('channel-unreachable', 'the sending ended'));
  const timer = setTimeout(
    () => reject(new FaultError('channel-unreachable', `not acknowledged within ${TIMEOUT_MS / 1000} s`)),
    TIMEOUT_MS,
  );
  signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.race([sending, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

const homeTopic = ({ topic }: Mqtt) => `${topic}/home-assistant`;

/** An entity of the kind "event" (Home Assistant's MQTT discovery): its types are the severities. */
async function announce(client: MqttClient, channel: Mqtt): Promise<void> {
  const id = `sharp_eyes_${channel.id.replaceAll('-', '_')}`;
  const config = {
    name: channel.name,
    unique_id: id,
    state_topic: homeTopic(channel),
    event_types: SEVERITIES,
    icon: 'mdi:cctv',
    device: { identifiers: ['sharp_eyes'], name: 'Sharp Eyes', manufacturer: 'Sharp Eyes' },
    origin: { name: 'Sharp Eyes' },
  };
  await client.publishAsync(`homeassistant/event/${id}/config`, JSON.stringify(config), { qos: 1, retain: true });
}

function homeEvent({
  severity,
  data,
}: Extract<StreamEvent, { type: (typeof EVENT_TYPES)['alert'] }>): Record<string, unknown> {
  const { text, camera, rule, kind, atMs, position, incident } = data;
  return {
    event_type: severity,
    ...{ text, camera, rule, kind, incident },
    at: new Date(atMs).toISOString(),
    ...(position === undefined ? {} : { latitude: position.lat, longitude: position.lon }),
  };
}
