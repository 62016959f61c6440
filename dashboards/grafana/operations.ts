/** The operator's dashboard: the pipeline from camera to channel, stage by stage, from the metrics of all processes. */
import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Lines } from '@grafana/grafana-foundation-sdk/timeseries';
import { type GrafanaChoices, type Say, speaker } from './choices.ts';
import { inRows } from './grid.ts';
import { HEADLINES, type Headline, type Measured, STAGES } from './operation-panels.ts';
import { PROMETHEUS } from './sources.ts';
import { frame } from './subject-dashboard.ts';

const LINES_H = 8;
const STAT_H = 4;

export function operationsDashboard(choices: GrafanaChoices): Dashboard {
  const say = speaker(choices.language);
  const made = frame('role-operator', { title: say({ en: 'Operations', zh: '系统运行' }), choices })
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s');
  let id = 0;
  for (const { gridPos, ...headline } of inRows(HEADLINES.map((one) => ({ ...one, w: 4, h: STAT_H })))) {
    made.withPanel(stat(headline).id(++id).title(say(headline.title)).gridPos(gridPos));
  }
  let y = Math.ceil(HEADLINES.length / 6) * STAT_H;
  for (const { title, panels } of STAGES) {
    made.withRow(new RowBuilder(say(title)).id(++id).gridPos({ x: 0, y: y++, w: 24, h: 1 }));
    for (const { gridPos, ...panel } of inRows(panels.map((one) => ({ ...one, w: 8, h: LINES_H })))) {
      const at = { ...gridPos, y: gridPos.y + y };
      made.withPanel(lines(panel, say).id(++id).title(say(panel.title)).gridPos(at));
    }
    y += Math.ceil(panels.length / 3) * LINES_H;
  }
  return made.build();
}

const query = (expr: string, refId: string) => new DataqueryBuilder().datasource(PROMETHEUS).expr(expr).refId(refId);

function stat({ expr, unit, isBadAbove, isBadBelow }: Headline): Stat {
  const limit = isBadAbove ?? isBadBelow ?? 0;
  const [first, then] = isBadBelow === undefined ? ['green', 'red'] : ['red', 'green'];
  return new Stat()
    .datasource(PROMETHEUS)
    .withTarget(query(expr, 'A').instant())
    .unit(unit)
    .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']).fields(''))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .noValue('–')
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: first! },
        { value: limit, color: then! },
      ]),
    );
}

function lines({ queries, unit }: Measured, say: Say): Lines {
  const made = new Lines()
    .datasource(PROMETHEUS)
    .unit(unit)
    .min(0)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    );
  for (const [at, { expr, legend }] of queries.entries()) {
    made.withTarget(
      query(expr, String.fromCharCode(65 + at))
        .range()
        .legendFormat(typeof legend === 'string' ? legend : say(legend)),
    );
  }
  return made;
}
