/** Subscriptions over NATS: credentials made (and shown once), listed, and taken away. */
import { type FormEvent, useState } from 'react';
import { SUBSCRIPTION_DAYS, type SubscriptionMade } from '#models/schema/subscription.ts';
import type { AreaCollection } from '../map/areas.ts';
import { usePolled } from '../polled.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { byField } from './channel-draft.ts';
import { channelsApi } from './channels-api.ts';
import { Field } from './field.tsx';
import { SecretOnce } from './secret-once.tsx';

const EVERY_MS = 10_000;

type PanelProps = { areas: AreaCollection | undefined; zone: string; onSignedOut: () => void };

export function SubscriptionsPanel({ areas, zone, onSignedOut }: PanelProps) {
  const words = useWords();
  const said = words.channels;
  const [made, setMade] = useState<SubscriptionMade>();
  const [failure, setFailure] = useState<unknown>();
  const { data, problem, refresh } = usePolled('subscriptions', (signal) => channelsApi.readSubscriptions({ signal }), {
    intervalMs: EVERY_MS,
    onSignedOut,
  });
  const names = new Map(areas?.features.map(({ properties: { id, name } }) => [id, name]));
  const revoke = (id: string) => {
    if (!confirm(said.nats.revokeSure)) return;
    setFailure(undefined);
    void channelsApi.unsubscribe(id).then(refresh, setFailure);
  };
  return (
    <div className="rule-editor outlet-editor">
      <h3>{said.nats.title}</h3>
      <p className="muted">{said.nats.note}</p>
      {made === undefined ? (
        <SubscribeForm
          areas={areas}
          onMade={(told) => {
            setMade(told);
            refresh();
          }}
        />
      ) : (
        <SecretOnce
          values={[
            [said.nats.user, made.user],
            [said.nats.password, made.password],
            [said.nats.stream, made.stream],
            [said.nats.subject, made.subscription.subject],
            [said.nats.consumer, made.consumers[0] ?? ''],
            [said.nats.inbox, made.inboxPrefix],
          ]}
          onDone={() => setMade(undefined)}
        />
      )}
      {(failure ?? problem) !== undefined && <ProblemText error={failure ?? problem} />}
      {data?.length === 0 && <p className="muted">{said.nats.none}</p>}
      <ul className="outlet-subscriptions" aria-label={said.nats.title}>
        {data?.map(({ id, name, area, createdBy, expiresAtMs }) => (
          <li key={id}>
            <span>
              <b>{name}</b>
              <span className="muted">
                {area === null ? said.everywhere : (names.get(area) ?? area)} ·{' '}
                {said.nats.until(formatTime(expiresAtMs, words, { zone, withDay: true }))} · {said.nats.by(createdBy)}
              </span>
              <code>{id}</code>
            </span>
            <button type="button" className="button-quiet" onClick={() => revoke(id)}>
              {said.nats.revoke}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

type FormProps = { areas: AreaCollection | undefined; onMade: (made: SubscriptionMade) => void };

function SubscribeForm({ areas, onMade }: FormProps) {
  const said = useWords().channels;
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const { fields, rest } = byField(failure);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const area = String(form.get('area'));
    setIsBusy(true);
    setFailure(undefined);
    try {
      const [name, days] = [String(form.get('name')).trim(), Number(form.get('days'))];
      onMade(await channelsApi.subscribe({ name, area: area === '' ? null : area, days }));
    } catch (problem) {
      setFailure(problem);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form className="rule-fields" onSubmit={submit}>
      <Field label={said.nats.name} problem={fields.get('name')}>
        <input name="name" maxLength={200} required />
      </Field>
      <Field label={said.area} problem={fields.get('area')}>
        <select name="area">
          <option value="">{said.everywhere}</option>
          {areas?.features.map(({ properties: { id, name } }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field label={said.nats.days} problem={fields.get('days')} isWide={false}>
        <input name="days" type="number" min={1} max={SUBSCRIPTION_DAYS.most} defaultValue={SUBSCRIPTION_DAYS.usual} />
      </Field>
      <button type="submit" className="button-primary outlet-make" disabled={isBusy}>
        {said.nats.make}
      </button>
      {rest !== undefined && <ProblemText error={rest} />}
    </form>
  );
}
