/** What is asked beside place and time: comparison, kind; and what is done with the view: kept, linked to, printed. */
import { useState } from 'react';
import { copyText } from '../health/copy-button.tsx';
import { KINDS_SHOWN } from '../kinds.ts';
import { formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { KindIcon, LinkIcon, PrintIcon } from '../workspace/icons.tsx';
import { Menu, MenuList } from '../workspace/menu.tsx';
import { SpanForm } from '../workspace/span-form.tsx';
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

export function AskBar(props: AskBarProps) {
  const words = useWords();
  return (
    <div className="ask-bar" role="toolbar" aria-label={words.dashboard.ask}>
      <CompareMenu {...props} />
      <KindMenu {...props} />
      <span className="ask-gap" />
      <KeptMenu subject={props.subject} name={props.name} asked={props.asked} onSignedOut={props.onSignedOut} />
      <LinkButton />
      <PrintButton />
    </div>
  );
}

type ChoiceProps = Pick<AskBarProps, 'asked' | 'zone' | 'onAsk'> & { close: () => void };

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
