/** What is asked: period, comparison, kind; and what is done with the view: kept, linked to, printed. */
import { useState } from 'react';
import { copyText } from '../health/copy-button.tsx';
import { KINDS_SHOWN } from '../kinds.ts';
import { formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { KindIcon, LinkIcon, PrintIcon } from '../workspace/icons.tsx';
import { Menu, MenuList } from '../workspace/menu.tsx';
import { SpanForm } from '../workspace/span-form.tsx';
import { RANGE_NAMES, type RangeName } from '../workspace/time-range.ts';
import { type Asked, COMPARES, comparedPeriod, periodOf, type SubjectRef } from './asked.ts';
import { KeptMenu } from './kept-menu.tsx';
import { printPage } from './print-page.ts';

type AskBarProps = {
  subject: SubjectRef;
  name: string;
  asked: Asked;
  zone: string;
  onAsk: (change: Partial<Asked>) => void;
  onSignedOut: () => void;
};

/** Minutes are the map's matter: roll-ups here are by the hour. */
const RANGES = RANGE_NAMES.filter((name) => name !== 'quarter' && name !== 'hour');

export function AskBar(props: AskBarProps) {
  const words = useWords();
  return (
    <div className="ask-bar" role="toolbar" aria-label={words.dashboard.ask}>
      <PeriodMenu {...props} />
      <CompareMenu {...props} />
      <KindMenu {...props} />
      <span className="ask-gap" />
      <KeptMenu subject={props.subject} name={props.name} asked={props.asked} onSignedOut={props.onSignedOut} />
      <LinkButton />
      <PrintButton />
    </div>
  );
}

function PeriodMenu({ asked, zone, onAsk }: AskBarProps) {
  const words = useWords();
  const { range } = asked;
  const text = range.name === 'custom' ? formatSpan(range, words, zone) : words.range[range.name];
  return (
    <Menu label={words.dashboard.period} value={text} valueText={text} isSet>
      {(close) => <PeriodChoice asked={asked} zone={zone} onAsk={onAsk} close={close} />}
    </Menu>
  );
}

type ChoiceProps = Pick<AskBarProps, 'asked' | 'zone' | 'onAsk'> & { close: () => void };

function PeriodChoice({ asked, zone, onAsk, close }: ChoiceProps) {
  const words = useWords();
  const { range } = asked;
  const [isOwn, setIsOwn] = useState(range.name === 'custom');
  const choose = (name: RangeName) => {
    setIsOwn(name === 'custom');
    if (name === 'custom') return;
    onAsk({ range: { name } });
    close();
  };
  return (
    <>
      <MenuList
        label={words.dashboard.period}
        options={RANGES.map((name) => ({ value: name, text: words.range[name] }))}
        value={isOwn ? 'custom' : range.name}
        onChoose={choose}
      />
      {isOwn && (
        <SpanForm
          span={periodOf(range, zone)}
          zone={zone}
          onSpan={(span) => {
            onAsk({ range: { name: 'custom', ...span } });
            close();
          }}
        />
      )}
      <p className="menu-note is-foot">{zone}</p>
    </>
  );
}

function CompareMenu({ asked, zone, onAsk }: AskBarProps) {
  const words = useWords();
  const text = words.dashboard.comparesShort[asked.compare.name];
  return (
    <Menu label={words.dashboard.compare} value={text} valueText={text} isSet={asked.compare.name !== 'off'}>
      {(close) => <CompareChoice asked={asked} zone={zone} onAsk={onAsk} close={close} />}
    </Menu>
  );
}

function CompareChoice({ asked, zone, onAsk, close }: ChoiceProps) {
  const words = useWords();
  const { compare, range } = asked;
  const [isOwn, setIsOwn] = useState(compare.name === 'custom');
  const period = periodOf(range, zone);
  const compared = comparedPeriod(compare, period, zone);
  return (
    <>
      <MenuList
        label={words.dashboard.compare}
        options={COMPARES.map((name) => ({
          value: name,
          text: words.dashboard.compares[name],
          ...(name === 'year' ? { note: words.dashboard.yearNote } : {}),
        }))}
        value={isOwn ? 'custom' : compare.name}
        onChoose={(name) => {
          setIsOwn(name === 'custom');
          if (name === 'custom') return;
          onAsk({ compare: { name } });
          close();
        }}
      />
      {isOwn && (
        <SpanForm
          span={compared ?? { fromMs: 2 * period.fromMs - period.toMs, toMs: period.fromMs }}
          zone={zone}
          onSpan={(span) => {
            onAsk({ compare: { name: 'custom', ...span } });
            close();
          }}
        />
      )}
      {compared !== null && <p className="menu-note is-foot">{formatSpan(compared, words, zone)}</p>}
    </>
  );
}

function KindMenu({ asked, onAsk }: AskBarProps) {
  const words = useWords();
  const { kind } = asked;
  const text = kind === null ? words.allKinds : words.kinds[kind];
  return (
    <Menu label={words.kind} value={text} valueText={text} isSet={kind !== null}>
      {(close) => (
        <MenuList
          label={words.kind}
          options={[
            { value: null, text: words.allKinds },
            ...KINDS_SHOWN.map((value) => ({ value, text: words.kinds[value], icon: <KindIcon kind={value} /> })),
          ]}
          value={kind}
          onChoose={(value) => {
            onAsk({ kind: value });
            close();
          }}
        />
      )}
    </Menu>
  );
}

function LinkButton() {
  const words = useWords();
  const [copied, setCopied] = useState('');
  return (
    <button
      type="button"
      className="menu-button"
      title={words.dashboard.linkNote}
      onClick={() => copyText(location.href).then(() => setCopied(location.href))}
    >
      <LinkIcon />
      <span aria-live="polite">{copied === location.href ? words.dashboard.copied : words.dashboard.link}</span>
    </button>
  );
}

function PrintButton() {
  const words = useWords();
  const [isBusy, setIsBusy] = useState(false);
  const start = async () => {
    setIsBusy(true);
    await printPage();
    setIsBusy(false);
  };
  return (
    <button type="button" className="menu-button" disabled={isBusy} onClick={() => void start()}>
      <PrintIcon />
      {words.dashboard.print}
    </button>
  );
}
