/** One panel's spec as a panel of Grafana: the same SQL, the chart of its own that says the same. */

import { PanelBuilder as Bars } from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AxisPlacement,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableCellBackgroundDisplayMode,
  TableCellDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type GridPos,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Strips } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as Lines } from '@grafana/grafana-foundation-sdk/timeseries';
import type { PanelColumn, PanelSpec } from '#models/schema/panel.ts';
import type { Say } from './choices.ts';
import { clickhouseQuery } from './clickhouse-query.ts';
import {
  carpetSql,
  figuresOf,
  observedSql,
  type Shown,
  seriesSql,
  shownColumns,
  statesSql,
  tableSql,
} from './shape-sql.ts';
import { CLICKHOUSE } from './sources.ts';

/** Names of Grafana's units. */
const UNITS: Record<NonNullable<PanelColumn['unit']>, string> = {
  ...{ s: 's', min: 'm', h: 'h', ms: 'ms', m: 'lengthm', 'm/s': 'velocityms', share: 'percentunit', bytes: 'bytes' },
  ...{ count: 'short', 'per h': 'suffix:/h', 'at once': 'short' },
};
const unitOf = ({ column }: Shown) => (column.unit === undefined ? 'short' : UNITS[column.unit]);

type Wish = { sql: string; id: number; gridPos: GridPos; say: Say; mapUrl: string };

/** What all kinds of panels take. */
type Common = {
  id: (id: number) => Common;
  title: (title: string) => Common;
  description: (text: string) => Common;
  gridPos: (gridPos: GridPos) => Common;
};

const MAKERS: Record<PanelSpec['chart'], (spec: PanelSpec, wish: Wish) => Builder<Panel>> = {
  headline,
  lines,
  bars: (spec, wish) => (spec.columns.some(({ part }) => part === 'time') ? lines(spec, wish) : bars(spec, wish)),
  carpet,
  strips,
  table,
  'heat-map': mapLink,
};

export function grafanaPanel(spec: PanelSpec, wish: Wish): Builder<Panel> {
  const { id, gridPos, say } = wish;
  const made = MAKERS[spec.chart](spec, wish);
  (made as unknown as Common).id(id).title(say(spec.title)).description(say(spec.question)).gridPos(gridPos);
  return made;
}

const unitOverrides = (shown: readonly Shown[]) =>
  shown.map((one) => ({ name: one.title, properties: [{ id: 'unit', value: unitOf(one) }] as DynamicConfigValue[] }));

function headline(spec: PanelSpec, { sql, say }: Wish): Builder<Panel> {
  const shown = figuresOf(shownColumns(spec, say));
  const stat = new Stat()
    .datasource(CLICKHOUSE)
    .withTarget(clickhouseQuery(tableSql(sql, shown, 1), { as: 'table' }))
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['firstNotNull']).fields('/.*/'))
    .colorMode(BigValueColorMode.None)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName)
    .noValue('–');
  for (const { name, properties } of unitOverrides(shown)) stat.overrideByName(name, properties);
  return stat;
}

const legend = () =>
  new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([]);

function lines(spec: PanelSpec, { sql, say }: Wish): Builder<Panel> {
  const shown = shownColumns(spec, say);
  const [first] = shown.filter(({ column }) => column.part === 'value');
  const series = shown.find(({ column }) => column.part === 'series' || column.part === 'label');
  const made = new Lines()
    .datasource(CLICKHOUSE)
    .withTarget(clickhouseQuery(seriesSql(sql, shown), { as: 'timeseries' }))
    .unit(first === undefined ? 'short' : unitOf(first))
    .legend(legend())
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .showPoints(VisibilityMode.Never)
    // A step without a value was not watched: a gap, no line over it.
    .spanNulls(false)
    .min(0);
  if (series !== undefined) made.displayName(`\${__field.labels.${series.column.name}}`);
  if (spec.chart === 'bars') {
    made
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(80)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  }
  const observed = observedSql(sql, shown);
  const share = shown.find(({ column }) => column.part === 'observed-share');
  if (observed === undefined || share === undefined) return made;
  return made.withTarget(clickhouseQuery(observed, { refId: 'B', as: 'timeseries' })).overrideByQuery('B', [
    { id: 'displayName', value: share.title },
    { id: 'unit', value: 'percentunit' },
    { id: 'min', value: 0 },
    { id: 'max', value: 1 },
    { id: 'custom.axisPlacement', value: AxisPlacement.Right },
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [2, 6] } },
    { id: 'color', value: { mode: 'fixed', fixedColor: 'text' } },
  ]);
}

/** Values of one unit beside what is normal of them; other units have no place on the same axis. */
function bars(spec: PanelSpec, { sql, say }: Wish): Builder<Panel> {
  const shown = shownColumns(spec, say);
  const label = shown.find(({ column }) => column.part === 'label' || column.part === 'series');
  const figures = figuresOf(shown);
  const unit = figures[0]?.column.unit;
  const alike = figures.filter(({ column }) => column.unit === unit);
  const kept = [...(label === undefined ? [] : [label]), ...alike];
  const made = new Bars()
    .datasource(CLICKHOUSE)
    .withTarget(clickhouseQuery(tableSql(sql, kept, BARS_MAX), { as: 'table' }))
    .orientation(VizOrientation.Horizontal)
    .unit(figures[0] === undefined ? 'short' : unitOf(figures[0]))
    .legend(legend())
    .min(0);
  return label === undefined ? made : made.xField(label.title);
}
const BARS_MAX = 30;

function carpet(spec: PanelSpec, { sql, say }: Wish): Builder<Panel> {
  const shown = shownColumns(spec, say);
  const value = shown.find(({ column }) => column.part === 'value');
  return new Table()
    .datasource(CLICKHOUSE)
    .withTarget(clickhouseQuery(carpetSql(sql, shown, say), { as: 'table' }))
    .unit(value === undefined ? 'short' : unitOf(value))
    .decimals(1)
    .minWidth(34)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlues))
    .overrideByRegexp('^\\d\\d$', [
      {
        id: 'custom.cellOptions',
        value: { type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic },
      },
    ]);
}

function strips(spec: PanelSpec, { sql, say }: Wish): Builder<Panel> {
  const shown = shownColumns(spec, say);
  return new Strips()
    .datasource(CLICKHOUSE)
    .withTarget(clickhouseQuery(statesSql(sql, shown), { as: 'table' }))
    .withTransformation({ id: 'partitionByValues', options: { fields: ['label'], keepFields: false } })
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.8)
    .legend(legend());
}

function table(spec: PanelSpec, { sql, say }: Wish): Builder<Panel> {
  const shown = shownColumns(spec, say);
  const made = new Table().datasource(CLICKHOUSE).withTarget(clickhouseQuery(tableSql(sql, shown), { as: 'table' }));
  for (const { name, properties } of unitOverrides(figuresOf(shown))) made.overrideByName(name, properties);
  return made;
}

/** Grafana's map asks a host of others for its tiles; ours does not, so the heat map stays there. */
function mapLink(_: PanelSpec, { say, mapUrl }: Wish): Builder<Panel> {
  const words = say({ en: 'Open the heat map in Sharp Eyes', zh: '在雪亮中打开热力图' });
  return new Text().mode(TextMode.Markdown).content(`[${words}](${mapUrl})`);
}
