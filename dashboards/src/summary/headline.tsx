/** How much is there at this moment, in two numbers. */
import type { CameraView } from '#models/schema/camera-view.ts';
import { stateOf } from '../cameras/state-glyph.tsx';
import type { PresentNow } from '../detections/present-now.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';

export function Headline({ present, cameras }: { present: PresentNow | undefined; cameras: CameraView[] | undefined }) {
  const words = useWords();
  const live = cameras?.filter((camera) => stateOf(camera) === 'live').length ?? 0;
  const isKnown = present !== undefined && present.cameras > 0;
  const number = (value: number | undefined) => (isKnown && value !== undefined ? formatNumber(value, words) : '–');
  return (
    <section className="headline" aria-label={words.now.title}>
      <div className="headline-figure is-people">
        <p className="headline-number">{number(present?.people)}</p>
        <p className="headline-name">{words.now.people}</p>
      </div>
      <div className="headline-figure is-vehicles">
        <p className="headline-number">{number(present?.vehicles)}</p>
        <p className="headline-name">{words.now.vehicles}</p>
      </div>
      <p className="headline-note">
        <span className={`pulse${isKnown ? ' is-on' : ''}`} aria-hidden="true" />
        {words.now.title}
        {cameras !== undefined && cameras.length > 0 && (
          <span>{live === 0 ? words.now.none : words.now.on(live, cameras.length)}</span>
        )}
      </p>
    </section>
  );
}
