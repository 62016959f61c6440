/** What the queue shows: states with their counts, severity, words, order; the sound, and whether the stream runs. */
import type { IncidentList } from '#models/schema/alert-view.ts';
import type { Severity } from '#models/schema/severity.ts';
import { formatCompact } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { SearchField } from '../workspace/search-field.tsx';
import type { IncidentState, OwnFilter } from './alerts-api.ts';
import type { QueueOrder } from './queue.ts';

const STATES: readonly IncidentState[] = ['open', 'acknowledged', 'closed'];
const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'info'];
const ORDERS: readonly QueueOrder[] = ['severity', 'newest'];

type FiltersProps = {
  counts: IncidentList['counts'] | undefined;
  filter: OwnFilter;
  order: QueueOrder;
  isConnected: boolean;
  isSoundOn: boolean;
  onFilter: (filter: OwnFilter) => void;
  onOrder: (order: QueueOrder) => void;
  onSound: () => void;
};

export function AlertFilters(props: FiltersProps) {
  const { counts, filter, onFilter } = props;
  const words = useWords();
  const said = words.alerts;
  const countOf = (state: IncidentState) => (counts === undefined ? '' : ` ${formatCompact(counts[state], words)}`);
  return (
    <div className="alert-filters">
      <Choice
        label={said.title}
        options={STATES.map((value) => ({ value, text: `${said.states[value]}${countOf(value)}` }))}
        value={filter.state}
        onChoose={(state) => onFilter({ ...filter, state })}
      />
      <SearchField label={said.search} value={filter.text} onSearch={(text) => onFilter({ ...filter, text })} />
      <select
        aria-label={said.severity}
        value={filter.severity ?? ''}
        onChange={({ target }) => onFilter({ ...filter, severity: (target.value || null) as Severity | null })}
      >
        <option value="">{said.anySeverity}</option>
        {SEVERITIES.map((each) => (
          <option key={each} value={each}>
            {said.severities[each]}
          </option>
        ))}
      </select>
      <Choice
        label={said.order}
        options={ORDERS.map((value) => ({ value, text: said.orders[value] }))}
        value={props.order}
        onChoose={props.onOrder}
      />
      <span className={`alert-stream ${props.isConnected ? 'is-on' : ''}`} role="status">
        <i className={`pulse ${props.isConnected ? 'is-on' : ''}`} />
        {props.isConnected ? said.connected : said.disconnected}
      </span>
      <button
        type="button"
        className="button-plain"
        aria-pressed={props.isSoundOn}
        title={props.isSoundOn ? said.soundOn : said.soundOff}
        onClick={props.onSound}
      >
        {said.sound} {props.isSoundOn ? '♪' : '–'}
      </button>
    </div>
  );
}
