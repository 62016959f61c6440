/** What there is to work on: devices found on the network, and cameras that are registered, the unfinished ones first. */
import { type FormEvent, type KeyboardEvent, useEffect } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { StateGlyph, stateOf } from '../cameras/state-glyph.tsx';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { hrefOf } from '../workspace/view.ts';
import { nameOf } from './device-work.tsx';
import type { Discovery } from './discovery.ts';

type DeviceListProps = { discovery: Discovery; cameras: readonly CameraView[]; chosen: string };

export const deviceLink = (device: string) => `device:${device}`;

export function DeviceList({ discovery, cameras, chosen }: DeviceListProps) {
  const words = useWords();
  const { devices, isSearching, search, stop } = discovery;
  useEffect(() => search(), [search]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside take the focus; arrows lead from one to the next.
    <div className="device-list" onKeyDown={moveByArrows}>
      <section>
        <header className="section-head">
          <h2>{words.onboarding.found}</h2>
          <button type="button" className="button-plain" onClick={() => (isSearching ? stop() : search())}>
            {isSearching && <i className="spinner" />}
            {isSearching ? words.onboarding.stop : words.onboarding.search}
          </button>
        </header>
        {discovery.error !== undefined && <ProblemText error={discovery.error} />}
        {devices.length === 0 && discovery.error === undefined && (
          <p className="muted">{isSearching ? words.onboarding.searching : words.onboarding.nothingFound}</p>
        )}
        <ul>
          {devices.map((device) => (
            <li key={device.key}>
              <a
                className="device-row"
                href={hrefOf('cameras', deviceLink(device.key))}
                aria-current={chosen === deviceLink(device.key) ? 'true' : undefined}
              >
                <span className="device-name">{nameOf(device, words.onboarding.unknownDevice)}</span>
                <span className="device-note">
                  {device.host}
                  {device.port === 80 ? '' : `:${device.port}`}
                  {' · '}
                  {device.cameras.length > 0 ? words.onboarding.inUse(device.cameras.length) : words.onboarding.isNew}
                </span>
                {device.doubts.map((doubt) => (
                  <span className="device-note" key={doubt}>
                    {doubt}
                  </span>
                ))}
              </a>
            </li>
          ))}
        </ul>
        <AddHost onSearch={search} />
      </section>
      <section>
        <header className="section-head">
          <h2>{words.onboarding.registered}</h2>
          <span>{cameras.length}</span>
        </header>
        <ul>
          {unfinishedFirst(cameras, words.locale).map((camera) => (
            <li key={camera.id}>
              <a
                className="device-row has-glyph"
                href={hrefOf('cameras', camera.id)}
                aria-current={chosen === camera.id ? 'true' : undefined}
              >
                <StateGlyph state={stateOf(camera)} size={16} />
                <span className="device-name">{camera.name}</span>
                <span className="device-note">
                  {camera.position === undefined
                    ? words.cameras.unplaced
                    : camera.calibrationVersion === null
                      ? words.cameras.uncalibrated
                      : words.states[stateOf(camera)]}
                </span>
              </a>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function AddHost({ onSearch }: { onSearch: (target: string) => void }) {
  const words = useWords();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = String(new FormData(event.currentTarget).get('host')).trim();
    if (target !== '') onSearch(target);
  };
  return (
    <form className="add-host" onSubmit={submit}>
      <input
        name="host"
        aria-label={words.onboarding.host}
        placeholder={words.onboarding.hostHint}
        autoComplete="off"
        spellCheck={false}
      />
      <button type="submit" className="button-plain">
        {words.onboarding.addHost}
      </button>
    </form>
  );
}

function unfinishedFirst(cameras: readonly CameraView[], locale: string): CameraView[] {
  const byName = new Intl.Collator(locale, { numeric: true });
  const rank = ({ position, calibrationVersion }: CameraView) =>
    position === undefined ? 0 : calibrationVersion === null ? 1 : 2;
  return [...cameras].sort((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name));
}

function moveByArrows(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target as HTMLElement).matches('.device-row')) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.device-row')];
  rows[rows.indexOf(event.target as HTMLElement) + step]?.focus();
  event.preventDefault();
}
