/** The operator's alert rules as Grafana's file for provisioning: a question to Prometheus, and a limit. */
import { QueryBuilder, type Rule, RuleBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { type GrafanaChoices, speaker } from './choices.ts';
import { OPERATOR_ALERTS, type OperatorAlert } from './operator-alerts.ts';
import { PROMETHEUS } from './sources.ts';

export const FOLDER = { title: 'Sharp Eyes', uid: 'sharp-eyes' };
const GROUP = 'sharp-eyes-operations';
/** Grafana's own source, which compares and computes. */
const EXPRESSIONS = { type: '__expr__', uid: '__expr__' };
const LOOKS_BACK_S = 600;

/** No `$` stands in it: Grafana would read it as a variable of its environment. */
export function alertRulesFile(choices: GrafanaChoices): object {
  const rules = OPERATOR_ALERTS.map((alert) => fileForm(alertRule(alert, choices)));
  return { apiVersion: 1, groups: [{ orgId: 1, name: GROUP, folder: FOLDER.title, interval: '1m', rules }] };
}

export function alertRule(alert: OperatorAlert, { language, pageUrl }: GrafanaChoices): Rule {
  const { id, title, expr, above, lasting, severity, noData, cure } = alert;
  const conditions = [{ evaluator: { type: 'gt' as const, params: [above] } }];
  return new RuleBuilder(speaker(language)(title))
    .uid(`sharp-eyes-${id}`)
    .orgID(1)
    .folderUID(FOLDER.uid)
    .ruleGroup(GROUP)
    .condition('B')
    .withQuery(
      new QueryBuilder('A')
        .datasourceUid(PROMETHEUS.uid)
        .relativeTimeRange({ from: LOOKS_BACK_S, to: 0 })
        .model(new DataqueryBuilder().datasource(PROMETHEUS).expr(expr).instant().refId('A')),
    )
    .withQuery(
      new QueryBuilder('B')
        .datasourceUid(EXPRESSIONS.uid)
        .relativeTimeRange({ from: 0, to: 0 })
        .model(new TypeThresholdBuilder().datasource(EXPRESSIONS).expression('A').conditions(conditions).refId('B')),
    )
    .forDuration(lasting)
    .noDataState(noData)
    .execErrState('Error')
    .labels({ severity, product: 'sharp-eyes' })
    .annotations({
      summary: speaker(language)(title),
      description: speaker(language)(cure),
      page: `${pageUrl}/#/operations`,
    })
    .build();
}

/** A file names folder and group once, above its rules. */
const fileForm = ({ folderUID, ruleGroup, orgID, ...rule }: Rule) => rule;
