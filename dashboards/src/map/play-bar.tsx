/** The bar of a play through time: play and pause, the step, where one is, and how long a step is. */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { STEPS, type Step } from '../workspace/choices.ts';
import { CloseIcon, PauseIcon, PlayIcon } from '../workspace/icons.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import type { TimePlay } from './use-time-play.ts';

type PlayBarProps = { play: TimePlay; step: Step; zone: string; onStep: (step: Step | null) => void };

export function PlayBar({ play, step, zone, onStep }: PlayBarProps) {
  const words = useWords();
  const said = words.heat.play;
  const slider = useRef<HTMLInputElement>(null);
  useEffect(() => slider.current?.focus({ preventScroll: true }), []);
  const { frames, index, isPlaying, isWaiting } = play;
  const frame = frames[index];
  const toggleTitle = isPlaying ? said.pause : said.start;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== ' ' || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    play.toggle();
  };
  return (
    <section className="play-bar" aria-label={said.title} onKeyDown={onKeyDown} data-testid="play-bar">
      <div className="play-row">
        <button
          type="button"
          className="play-button"
          aria-label={toggleTitle}
          title={`${toggleTitle}. ${said.keys}`}
          disabled={frames.length < 2}
          onClick={play.toggle}
        >
          {isPlaying ? <PauseIcon /> : <PlayIcon />}
        </button>
        <p className="play-time" aria-live={isPlaying ? 'off' : 'polite'}>
          {frame === undefined ? said.nothing : formatSpan(frame, words, zone)}
        </p>
        <span className="play-wait" role="status">
          {isWaiting && frames.length > 0 && <span className="spinner" role="img" aria-label={said.waiting} />}
        </span>
        <Choice
          label={said.step}
          options={STEPS.map((value) => ({ value, text: words.heat.steps[value] }))}
          value={step}
          onChoose={onStep}
        />
        <button
          type="button"
          className="button-quiet"
          aria-label={said.stop}
          title={said.stop}
          onClick={() => onStep(null)}
        >
          <CloseIcon />
        </button>
      </div>
      <input
        ref={slider}
        type="range"
        className="play-slider"
        min={0}
        max={Math.max(frames.length - 1, 0)}
        value={index}
        aria-label={said.slider}
        aria-valuetext={frame === undefined ? '' : formatSpan(frame, words, zone)}
        onChange={(event) => play.setIndex(Number(event.target.value))}
      />
      {play.error !== undefined && (
        <div className="play-error">
          <ProblemText error={play.error} />
        </div>
      )}
    </section>
  );
}
