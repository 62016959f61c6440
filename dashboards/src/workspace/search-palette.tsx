/** Search by a few letters: a field over the page whose findings are a list, after the combobox pattern of WAI-ARIA 1.2. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { SearchAnswer, SearchHit } from '#models/schema/search.ts';
import { apiUrl, json } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { hrefWith, type Kept, NOTHING_KEPT } from './kept.ts';
import { ProblemText } from './problem-text.tsx';
import { hrefOf, VIEWS, type ViewName } from './view.ts';
import { SearchIcon, ViewIcon } from './view-icons.tsx';

type PaletteProps = { kept: Kept; onSignedOut: () => void; onClose: () => void };

type Option = {
  key: string;
  what: 'view' | SearchHit['what'];
  icon: ViewName;
  text: string;
  note: string;
  href: string;
};

const GROUPS = ['view', 'camera', 'area', 'rule', 'incident'] as const;
const PAUSE_MS = 120;
/** Findings of a question do not change while one looks at them. */
const AGAIN_MS = 600_000;

const ICONS = { camera: 'live', area: 'dashboard', rule: 'rules', incident: 'alerts' } as const;

function hrefOfHit({ what, id }: SearchHit, kept: Kept): string {
  switch (what) {
    case 'camera':
      return hrefOf('map', '', `camera=${encodeURIComponent(id)}`);
    case 'area':
      return hrefWith('dashboard', { ...NOTHING_KEPT, area: id, time: kept.time });
    case 'rule':
      return hrefOf('rules', id);
    case 'incident':
      return hrefOf('alerts', id);
  }
}

/** What is typed, once nobody has typed for a moment: each letter would be a question otherwise. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function SearchPalette({ kept, onSignedOut, onClose }: PaletteProps) {
  const words = useWords();
  const said = words.shell.search;
  const [listId, hintId] = [useId(), useId()];
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const asked = useSettled(text.trim());
  const found = usePolled(
    asked === '' ? null : asked,
    (signal) => json<SearchAnswer>(apiUrl('search', { q: asked }), { signal }),
    { intervalMs: AGAIN_MS, onSignedOut },
  );
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const wanted = text.trim().toLowerCase();
  const views = VIEWS.filter((view) => view !== 'kit' || wanted.length > 1)
    .filter((view) => `${words.views[view]} ${view}`.toLowerCase().includes(wanted))
    .map(
      (view): Option => ({
        ...{ key: `view ${view}`, what: 'view', icon: view, text: words.views[view], note: '' },
        href: hrefWith(view, kept),
      }),
    );
  const isAnswered = asked === text.trim() && !found.isStale;
  const hits = wanted === '' || asked === '' ? [] : (found.data?.hits ?? []);
  const options = [
    ...views,
    ...hits.map(
      (hit): Option => ({
        ...{ key: `${hit.what} ${hit.id}`, what: hit.what, icon: ICONS[hit.what], text: hit.name },
        note: hit.where === null ? hit.id : `${hit.where} · ${hit.id}`,
        href: hrefOfHit(hit, kept),
      }),
    ),
  ].sort((a, b) => GROUPS.indexOf(a.what) - GROUPS.indexOf(b.what));
  const at = Math.min(chosen, options.length - 1);
  const idOf = (index: number) => `${listId}-${index}`;
  useEffect(() => {
    document.getElementById(`${listId}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [listId, at]);
  const open = (option: Option | undefined) => {
    if (option === undefined) return;
    location.hash = option.href;
    onClose();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setChosen((at + 1) % Math.max(options.length, 1));
    else if (event.key === 'ArrowUp') setChosen((at - 1 + options.length) % Math.max(options.length, 1));
    else if (event.key === 'Enter') open(options[at]);
    else return;
    event.preventDefault();
  };
  const isNothing = isAnswered && wanted !== '' && options.length === 0 && found.problem === undefined;
  return (
    <dialog ref={dialog} className="palette" aria-label={said.title} onClose={onClose}>
      <div className="palette-field">
        <SearchIcon />
        <input
          type="text"
          role="combobox"
          aria-expanded={options.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={at < 0 ? undefined : idOf(at)}
          aria-describedby={hintId}
          aria-label={said.title}
          placeholder={said.hint}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setChosen(0);
          }}
          onKeyDown={onKey}
        />
        <button type="button" className="button-quiet" onClick={onClose}>
          <kbd>Esc</kbd>
          <span className="unseen">{words.close}</span>
        </button>
      </div>
      <div id={listId} role="listbox" aria-label={said.title} className="palette-list">
        {GROUPS.map((group) => {
          const inGroup = options.flatMap((option, index) => (option.what === group ? [{ option, index }] : []));
          if (inGroup.length === 0) return null;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a listbox's groups are no fieldsets
            <div key={group} role="group" aria-label={said.what[group]}>
              <p className="palette-title" aria-hidden="true">
                {said.what[group]}
              </p>
              {inGroup.map(({ option, index }) => (
                <PaletteOption
                  key={option.key}
                  id={idOf(index)}
                  option={option}
                  isChosen={index === at}
                  onPoint={() => setChosen(index)}
                  onOpen={() => open(option)}
                />
              ))}
            </div>
          );
        })}
      </div>
      {isNothing && (
        <div className="palette-none">
          <p>{said.nothing(text.trim())}</p>
          <p className="muted">{said.nothingCure}</p>
        </div>
      )}
      {wanted !== '' && isAnswered && found.data?.isComplete === false && (
        <p className="palette-none muted">{said.incomplete}</p>
      )}
      {found.problem !== undefined && wanted !== '' && <ProblemText error={found.problem} />}
      <p className="palette-foot">
        <span role="status">{wanted === '' ? '' : isAnswered ? said.found(options.length) : said.busy}</span>
        <span id={hintId}>{said.keys}</span>
      </p>
    </dialog>
  );
}

type OptionProps = { id: string; option: Option; isChosen: boolean; onPoint: () => void; onOpen: () => void };

function PaletteOption({ id, option, isChosen, onPoint, onOpen }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, which names the chosen one
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      className="palette-option"
      onPointerMove={onPoint}
      onClick={onOpen}
    >
      <ViewIcon view={option.icon} size={16} />
      <span className="palette-text">{option.text}</span>
      <span className="palette-note">{option.note}</span>
    </div>
  );
}
