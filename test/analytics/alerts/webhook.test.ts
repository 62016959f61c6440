import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverLetter } from '#analytics/alerts/channels/deliver.ts';
import { createMinuteCap } from '#analytics/alerts/channels/minute-cap.ts';
import { openWebhook } from '#analytics/alerts/channels/webhook.ts';
import type { Delivery } from '#models/schema/channel.ts';
import { isInnerAddress } from '#models/wire/inner-address.ts';
import { alertEvent } from '#test/site/alert-events.ts';
import { type Receiver, startReceiver } from '#test/site/receiver.ts';

const channelOf = (url: string) => ({
  id: 'hook',
  name: 'hook',
  isEnabled: true,
  area: null,
  createdBy: 'wang',
  updatedAtMs: 1,
  type: 'webhook' as const,
  url,
  sealedSecret: '',
});
const SECRET = 'a secret of enough length';

describe('a webhook', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver[Symbol.asyncDispose]());

  const letterOf = (name: string, atMs = Date.now()) => {
    const event = alertEvent(name, { atMs });
    return { event, json: JSON.stringify(event) };
  };
  async function deliver(
    answers: (number | 'hang')[],
    { atMs, deadlineMs = 60_000 }: { atMs?: number; deadlineMs?: number } = {},
  ) {
    receiver.answers.push(...answers);
    await using outlet = openWebhook(channelOf(receiver.url), { secret: SECRET, isInnerAllowed: true });
    const records: Delivery[] = [];
    const outcome = await deliverLetter(outlet, letterOf('one', atMs), {
      channel: 'hook',
      record: (delivery) => records.push(delivery),
      onError() {},
      signal: AbortSignal.timeout(60_000),
      deadlineMs,
      backoff: { baseMs: 1, capMs: 5 },
    });
    return { outcome, records };
  }

  it('sends the CloudEvent, signed so that the receiver can check it', async () => {
    const { outcome, records } = await deliver([]);
    expect(outcome).toEqual({ isDelivered: true });
    const [got] = receiver.received;
    const { event } = letterOf('one', 0);
    expect(JSON.parse(got?.body ?? '')).toMatchObject({ specversion: '1.0', id: event.id, type: event.type });
    expect(got?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    const signed = `${got?.headers['webhook-id']}.${got?.headers['webhook-timestamp']}.${got?.body}`;
    const signature = `v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`;
    expect(got?.headers['webhook-signature']).toBe(signature);
    expect(Math.abs(Number(got?.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    expect(records).toMatchObject([{ attempt: 1, outcome: 'delivered', alert: event.id.replace('alert-', '') }]);
  });

  it('tries again where that can help, the same id each time, and keeps each attempt', async () => {
    const { outcome, records } = await deliver([503, 429, 500]);
    expect(outcome).toEqual({ isDelivered: true });
    expect(records.map((record) => record.outcome)).toEqual(['retry', 'retry', 'retry', 'delivered']);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('gives up at once what is refused, with what was answered', async () => {
    const { outcome } = await deliver([400]);
    expect(outcome).toEqual({ isDelivered: false, attempts: 1, message: 'it answers 400: no such user' });
    expect(receiver.received).toHaveLength(1);
  });

  it('follows no redirect', async () => {
    const { outcome } = await deliver([302]);
    expect(outcome).toMatchObject({
      isDelivered: false,
      message: expect.stringContaining('redirects are not followed'),
    });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('gives up what is too old', async () => {
    const { outcome, records } = await deliver([503], { atMs: Date.now() - 10_000, deadlineMs: 5000 });
    expect(outcome).toMatchObject({ isDelivered: false, attempts: 1 });
    expect(records).toMatchObject([{ outcome: 'dead' }]);
  });

  it('does not reach addresses inside, by number or by name', async () => {
    const { port } = new URL(receiver.url);
    const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'];
    for (const host of hosts) {
      await using outlet = openWebhook(channelOf(`http://${host}:${port}/`), { secret: SECRET, isInnerAllowed: false });
      const sending = outlet.send(letterOf('inside'), { signal: AbortSignal.timeout(5000) });
      await expect(sending, host).rejects.toMatchObject({ code: 'channel-inner' });
    }
    expect(receiver.received).toEqual([]);
  });

  it.each([
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['224.0.0.1', true],
    ['8.8.8.8', false],
    ['::', true],
    ['::1', true],
    ['fe80::1%eth0', true],
    ['fd00::1', true],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::a00:1', true],
    ['2606:4700::1111', false],
  ])('knows of %s whether it lies inside: %s', (address, isInner) => {
    expect(isInnerAddress(address)).toBe(isInner);
  });

  it('holds what is more than so many a minute, and says how many', () => {
    let nowMs = 0;
    const cap = createMinuteCap('hook', 3, () => nowMs);
    expect(Array.from({ length: 40 }, () => cap.passes()).filter(Boolean)).toHaveLength(3);
    expect(cap.takeNotice()).toBeUndefined();
    nowMs = 60_000;
    expect(cap.takeNotice()).toEqual({ channel: 'hook', held: 37, fromMs: 0, toMs: 60_000 });
    expect(cap.takeNotice()).toBeUndefined();
    expect(cap.passes()).toBe(true);
  });
});
