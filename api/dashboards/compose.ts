/** Composes a dashboard: all panels of the subject asked side by side, scored, laid out, with the sentences that stand out. */
import { because, emptyReason, type SubjectFacts } from '#models/panels/empty.ts';
import { layOut } from '#models/panels/layout.ts';
import type { Panel } from '#models/panels/read.ts';
import { scoreOf } from '#models/panels/score.ts';
import type { PanelValues } from '#models/panels/sql.ts';
import type { Dashboard, PanelAnswer } from '#models/schema/dashboard.ts';
import type { Role } from '#models/schema/user.ts';
import type { Context } from '../context.ts';
import { type Asked, askPanel } from './ask-panel.ts';
import { readFacts } from './facts.ts';
import type { Gate } from './lanes.ts';
import type { Question } from './question.ts';
import { tellSentences } from './sentences.ts';

export type Composing = { context: Context; panels: readonly Panel[]; gate: Gate; signal: AbortSignal };

export async function compose(question: Question, composing: Composing): Promise<Dashboard> {
  const { context, panels, gate, signal } = composing;
  const { subject, values, version } = question;
  const asking = { reader: context.reader, values, signal };
  const wanted = panels.filter((panel) => suits(panel, question));
  const failed = new AbortController();
  const together = AbortSignal.any([signal, failed.signal]);
  try {
    const [facts, sentences, ...answers] = await Promise.all([
      readFacts(question, { context, gate, signal: together }),
      tellSentences(question, { context, gate, signal: together }),
      ...wanted.map((panel) => askWanted(panel, question, { ...asking, gate, signal: together })),
    ]);
    const told = wanted.map((panel, index) => answerOf(panel, answers[index]!, { facts, role: question.role }));
    return {
      subject: subject.told,
      fromMs: values.fromMs,
      toMs: values.toMs,
      compare: values.compare,
      zone: values.zone,
      observedShare: facts.observedShare,
      cameras: { all: subject.cameras.length, calibrated: subject.calibrated },
      isSimulated: facts.isSimulated,
      version,
      composedAtMs: Date.now(),
      sentences,
      panels: layOut(told),
    };
  } catch (error) {
    // Of several queries side by side the others are of no use now.
    failed.abort(error);
    throw error;
  }
}

export function suits({ subjects, levels }: Panel, { subject: { told } }: Pick<Question, 'subject'>): boolean {
  if (!subjects.includes(told.type)) return false;
  return levels === undefined || told.level === null || levels.includes(told.level);
}

type Asking = { reader: Context['reader']; values: PanelValues; signal: AbortSignal; gate: Gate };

const NOT_ASKED: Asked = { sql: '', rows: [], isCut: false, tookMs: 0, failed: null };

/** What needs areas below is not asked where there are none: its SQL would name no column. */
async function askWanted(panel: Panel, { subject }: Question, { gate, ...asking }: Asking): Promise<Asked> {
  if (panel.when.needs.includes('children') && subject.below === null) return NOT_ASKED;
  return gate(asking.signal, () => askPanel(panel, asking));
}

type Judging = { facts: SubjectFacts; role: Role };

function answerOf(panel: Panel, asked: Asked, judging: Judging): PanelAnswer {
  const { id, title, question, chart, size, columns } = panel;
  const empty =
    panel.chart === 'heat-map' && judging.facts.calibrated === 0
      ? because('not-calibrated', { cameras: judging.facts.cameras })
      : emptyReason(panel, asked, judging.facts);
  const { rows, isCut, sql, tookMs } = asked;
  const { score, shownBecause } = scoreOf(panel, { rows, empty }, judging);
  return {
    ...{ id, title, question, chart, size, columns },
    rows: empty === null ? rows : [],
    isCut,
    empty,
    sql,
    shownBecause,
    score,
    tookMs,
  };
}
