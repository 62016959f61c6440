/** A sound for what needs a person: short, soft, never more often than every ten seconds, and off until it is wanted. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Severity } from '#models/schema/severity.ts';

const CHOSEN = 'sharp-eyes.chime';
const REST_MS = 10_000;
/** Two tones a fifth apart for critical, one for major; the others are silent. Hertz. */
const TONES: Partial<Record<Severity, readonly number[]>> = { critical: [587, 880], major: [587] };
const TONE_S = 0.35;
const LOUDNESS = 0.12;

function play(context: AudioContext, tones: readonly number[]): void {
  for (const [index, hertz] of tones.entries()) {
    const beginS = context.currentTime + index * TONE_S * 0.6;
    const [tone, loudness] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hertz;
    loudness.gain.setValueAtTime(0, beginS);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, beginS + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, beginS + TONE_S);
    tone.connect(loudness).connect(context.destination);
    tone.start(beginS);
    tone.stop(beginS + TONE_S);
  }
}

export function useChime() {
  const [isOn, setIsOn] = useState(() => localStorage.getItem(CHOSEN) === 'on');
  const context = useRef<AudioContext>(undefined);
  const lastAtMs = useRef(0);
  useEffect(() => () => void context.current?.close(), []);
  const ring = useCallback(
    (severity: Severity) => {
      const tones = TONES[severity];
      if (!isOn || tones === undefined || Date.now() - lastAtMs.current < REST_MS) return;
      lastAtMs.current = Date.now();
      context.current ??= new AudioContext();
      play(context.current, tones);
    },
    [isOn],
  );
  const toggle = useCallback(() => {
    setIsOn((was) => {
      localStorage.setItem(CHOSEN, was ? 'off' : 'on');
      if (!was) {
        // Browsers let a page sound only after a click on it: this is one, and lets the person hear what to expect.
        context.current ??= new AudioContext();
        play(context.current, TONES.major ?? []);
      }
      return !was;
    });
  }, []);
  return { isOn, ring, toggle };
}
