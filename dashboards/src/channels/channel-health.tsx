/** How a channel does, in numbers, with what went wrong last. */
import type { ChannelState } from '#models/schema/channel.ts';
import { type Fact, FactList } from '../cameras/fact-list.tsx';
import { formatDuration, formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';

export function ChannelHealth({ state }: { state: ChannelState }) {
  const words = useWords();
  const said = words.channels;
  const count = (value: number) => formatNumber(value, words);
  const ago = (atMs: number) => said.ago(formatDuration(Math.max(0, (Date.now() - atMs) / 1000), words));
  const facts: Fact[] = [
    [said.backlog, count(state.backlog)],
    [said.oldest, state.oldestAtMs === undefined ? undefined : ago(state.oldestAtMs)],
    [said.delivered, count(state.delivered)],
    [said.dead, count(state.dead)],
    [said.held, count(state.held)],
  ];
  return (
    <section className="outlet-health">
      <h3>{said.health}</h3>
      <FactList facts={facts} className="outlet-facts" />
      {state.lastError !== undefined && state.lastErrorAtMs !== undefined && (
        <p className="outlet-error">
          <b>{said.lastError}</b> <span className="muted">{ago(state.lastErrorAtMs)}</span>
          <br />
          {state.lastError}
        </p>
      )}
    </section>
  );
}
