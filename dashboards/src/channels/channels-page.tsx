/** Channels: the list of them with how each does, the chosen or new one as a form, and subscriptions over NATS. */
import { useState } from 'react';
import type { Role } from '#models/schema/user.ts';
import { api } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { hrefOf, usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { type ChannelType, draftOfChannel, newChannel } from './channel-draft.ts';
import { ChannelEditor } from './channel-editor.tsx';
import { ChannelHealth } from './channel-health.tsx';
import { ChannelRows } from './channel-rows.tsx';
import { type ChannelWritten, channelsApi } from './channels-api.ts';
import { DeadLetters } from './dead-letters.tsx';
import { SecretOnce } from './secret-once.tsx';
import { SubscriptionsPanel } from './subscriptions-panel.tsx';

const CHANNELS_EVERY_MS = 2000;
const NAMES_EVERY_MS = 30_000;
const CHANGERS: readonly Role[] = ['administrator', 'engineer'];
const SUBSCRIBERS: readonly Role[] = ['administrator', 'officer'];
const TYPES: readonly ChannelType[] = ['webhook', 'mqtt'];
/** No id of a channel has a colon. */
const NEW = ':new-';
const NATS = ':nats';

export function ChannelsPage({ me, onSignedOut }: ViewProps) {
  const words = useWords();
  const said = words.channels;
  const { rest } = usePlace();
  const [made, setMade] = useState<{ channel: string; secret: string }>();
  const channels = usePolled('channels', (signal) => channelsApi.readChannels({ signal }), {
    intervalMs: CHANNELS_EVERY_MS,
    onSignedOut,
  });
  const areas = usePolled('areas', (signal) => api.readAreas({ signal }), { intervalMs: NAMES_EVERY_MS, onSignedOut });
  const site = usePolled('site', (signal) => api.readSite({ signal }), { intervalMs: NAMES_EVERY_MS, onSignedOut });
  const has = (roles: readonly Role[]) => me.user.roles.some((role) => roles.includes(role));
  const zone = site.data?.timeZone ?? 'UTC';
  const all = channels.data ?? [];
  const view = all.find(({ id }) => id === rest);
  const fresh = TYPES.find((type) => rest === NEW + type);
  const first = view !== undefined ? draftOfChannel(view) : fresh === undefined ? undefined : newChannel(fresh);
  const written = ({ channel, secret }: ChannelWritten) => {
    if (secret !== undefined) setMade({ channel: channel.id, secret });
    channels.refresh();
  };
  return (
    <ViewFrame name={first === undefined && rest !== NATS ? 'rules' : 'rules has-detail'}>
      <h2 className="unseen">{said.title}</h2>
      <section className="rule-list">
        <p className="outlet-intro muted">{said.intro}</p>
        {has(CHANGERS) && (
          <div className="outlet-add">
            {TYPES.map((type) => (
              <a key={type} className="button-plain" href={hrefOf('channels', NEW + type)}>
                {said.add[type]}
              </a>
            ))}
          </div>
        )}
        {channels.problem !== undefined && <ProblemText error={channels.problem} />}
        {channels.data?.length === 0 && <p className="rule-none">{said.none}</p>}
        <ChannelRows channels={all} chosen={rest} />
        {has(SUBSCRIBERS) && (
          <a
            className="rule-row outlet-nats"
            href={hrefOf('channels', NATS)}
            aria-current={rest === NATS ? 'true' : undefined}
          >
            {said.nats.title}
          </a>
        )}
      </section>
      <section className="rule-work">
        <a className="button-plain rule-back" href={hrefOf('channels')}>
          ‹ {said.title}
        </a>
        {made !== undefined && made.channel === rest && (
          <SecretOnce values={[[said.secret, made.secret]]} onDone={() => setMade(undefined)} />
        )}
        {rest === NATS && <SubscriptionsPanel areas={areas.data} zone={zone} onSignedOut={onSignedOut} />}
        {view?.state != null && <ChannelHealth state={view.state} />}
        {view !== undefined && (
          <DeadLetters channel={view.id} mayChange={has(CHANGERS)} zone={zone} onSignedOut={onSignedOut} />
        )}
        {first !== undefined && (
          <ChannelEditor
            key={view?.id ?? rest}
            first={first}
            view={view}
            areas={areas.data}
            mayChange={has(CHANGERS)}
            onWritten={written}
            onRemoved={() => {
              location.hash = hrefOf('channels');
              channels.refresh();
            }}
          />
        )}
        {first === undefined && rest !== NATS && <p className="rule-none muted">{said.choose}</p>}
      </section>
    </ViewFrame>
  );
}
