/** All cameras with their state, its reason and its cure in words; the ones that need a person first. */
import type { CameraView } from '#models/schema/camera-view.ts';
import type { SiteView } from '#models/schema/site-view.ts';
import type { AreaCollection } from '../map/areas.ts';
import type { Polled } from '../polled.ts';
import type { StateName, Words } from '../words/english.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { faultWords, ProblemText } from '../workspace/problem-text.tsx';
import { NO_CAMERA, WithCommands } from '../workspace/site-sentences.tsx';
import { StateGlyph, stateOf } from './state-glyph.tsx';

type CameraListProps = {
  cameras: Polled<CameraView[]>;
  areas: AreaCollection | undefined;
  site: SiteView | undefined;
  chosenId: string | null;
  onChoose: (camera: string | null) => void;
};

const ORDER: Record<StateName, number> = { down: 0, degraded: 1, connecting: 2, waiting: 3, live: 4, disabled: 5 };

export function CameraList({ cameras, areas, site, chosenId, onChoose }: CameraListProps) {
  const words = useWords();
  const all = cameras.data;
  const live = all?.filter((camera) => stateOf(camera) === 'live').length ?? 0;
  return (
    <section className="cameras">
      <header className="section-head">
        <h2>{words.cameras.title}</h2>
        {all !== undefined && all.length > 0 && <span>{words.cameras.tally(live, all.length)}</span>}
      </header>
      {all === undefined && cameras.problem === undefined && <Placeholders />}
      {all === undefined && cameras.problem !== undefined && <ProblemText error={cameras.problem} />}
      {all?.length === 0 && <NoCameras site={site} />}
      {all !== undefined && all.length > 0 && (
        <ul className="camera-list">
          {inOrder(all, words).map((camera) => (
            <li key={camera.id}>
              <CameraRow camera={camera} areas={areas} isChosen={camera.id === chosenId} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function inOrder(cameras: CameraView[], words: Words): CameraView[] {
  const byName = new Intl.Collator(words.locale, { numeric: true });
  return [...cameras].sort(
    (a, b) => ORDER[stateOf(a)] - ORDER[stateOf(b)] || byName.compare(a.name, b.name) || byName.compare(a.id, b.id),
  );
}

type RowProps = Pick<CameraListProps, 'areas' | 'onChoose'> & { camera: CameraView; isChosen: boolean };

function CameraRow({ camera, areas, isChosen, onChoose }: RowProps) {
  const words = useWords();
  const name = stateOf(camera);
  const { state } = camera;
  const area = areas?.features.find(({ properties }) => properties.id === camera.area)?.properties.name;
  const isTroubled = name === 'down' || name === 'degraded' || state?.downSinceMs !== undefined;
  const fault = faultWords({ code: state?.reason, detail: state?.message, cure: state?.cure }, words);
  return (
    <button
      type="button"
      className="camera-row"
      aria-pressed={isChosen}
      onClick={() => onChoose(isChosen ? null : camera.id)}
    >
      <StateGlyph state={name} size={18} />
      <span className="camera-row-text">
        <span className="camera-row-name">{camera.name}</span>
        <span className="camera-row-note">
          {isTroubled && fault.title !== '' ? fault.title : [words.states[name], area].filter(Boolean).join(' · ')}
        </span>
        {isTroubled && fault.cure !== undefined && <span className="camera-row-cure">{fault.cure}</span>}
      </span>
      {state?.fps !== undefined && (name === 'live' || name === 'degraded') && (
        <span className="camera-row-figures">
          <span>
            {formatNumber(Math.round(state.fps), words)} {words.units.fps}
          </span>
          <span>{codecName(state.codec)}</span>
        </span>
      )}
    </button>
  );
}

const CODEC_NAMES: Record<string, string> = { h264: 'H.264', hevc: 'H.265', h265: 'H.265', mjpeg: 'MJPEG', av1: 'AV1' };

/** libav's name of a codec as cameras print it. */
export const codecName = (codec: string | undefined): string =>
  codec === undefined ? '' : (CODEC_NAMES[codec.toLowerCase()] ?? codec);

function NoCameras({ site }: { site: SiteView | undefined }) {
  const words = useWords();
  const said = site?.sentences.find(({ code }) => code === NO_CAMERA)?.text;
  return (
    <div className="empty">
      <p className="empty-title">{words.cameras.none}</p>
      <p>
        <WithCommands text={words.sentences[NO_CAMERA] ?? said ?? ''} />
      </p>
    </div>
  );
}

function Placeholders() {
  const words = useWords();
  return (
    <div className="placeholders" role="status" aria-label={words.loading}>
      <i />
      <i />
      <i />
    </div>
  );
}
