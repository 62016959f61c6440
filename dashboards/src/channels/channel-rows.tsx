/** The channels, each with how it does: what waits, and what it gave up. */
import type { ChannelView } from '#models/schema/channel.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { hrefOf } from '../workspace/view.ts';

export function ChannelRows({ channels, chosen }: { channels: readonly ChannelView[]; chosen: string }) {
  const words = useWords();
  const said = words.channels;
  return (
    <ul className="rule-rows" aria-label={said.title}>
      {channels.map(({ id, name, type, url, state }) => (
        <li key={id}>
          <a
            className="rule-row outlet-row"
            href={hrefOf('channels', id)}
            aria-current={id === chosen ? 'true' : undefined}
          >
            <span className="rule-row-said">
              <b>{name}</b>
              <span className="muted outlet-url">
                {said.types[type]} · {URL.parse(url)?.host ?? url}
              </span>
            </span>
            <span className="rule-row-side">
              <span className={`outlet-state is-${state?.state ?? 'unknown'}`}>
                {state === null ? said.unknown : said.states[state.state]}
              </span>
              {state !== null && state.backlog > 0 && (
                <span className="muted">{said.waiting(state.backlog, formatNumber(state.backlog, words))}</span>
              )}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
