/** Logs in to a device once, and shows each step of the measuring as it happens. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { DeviceInformation, ProbeStep, StreamMeasurement } from '#models/schema/probe.ts';
import { postLines } from '../api-client.ts';
import { codecName } from '../cameras/codec-name.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { faultWords, ProblemText } from '../workspace/problem-text.tsx';
import type { FoundDevice } from './discovery.ts';
import { channelsOf, type ProbedChannel } from './probed.ts';

export type Login = { user: string; password: string };
export type Probed = {
  channels: readonly ProbedChannel[];
  device: DeviceInformation | undefined;
  /** Where it speaks ONVIF; undefined where it does not. */
  onvifPort: number | undefined;
  login: Login;
};

type LoginStepProps = {
  device: FoundDevice;
  /** What worked on the device before. */
  remembered: Login | undefined;
  onProbed: (probed: Probed) => void;
};

export function LoginStep({ device, remembered, onProbed }: LoginStepProps) {
  const words = useWords();
  const { lines, isRunning, error, run } = useProbe(device);
  const [login, setLogin] = useState<Login>(remembered ?? { user: 'admin', password: '' });
  const user = useRef<HTMLInputElement>(null);
  const ids = [useId(), useId()];
  useEffect(() => user.current?.focus({ preventScroll: true }), []);
  const channels = channelsOf(lines);
  const said = lines.find((line) => line.device !== undefined)?.device;
  const onvifPort = lines.find((line) => line.port !== undefined)?.port;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(login);
  };
  return (
    <div className="login-step">
      <form className="login-form" onSubmit={submit}>
        <div className="field">
          <label htmlFor={ids[0]}>{words.onboarding.user}</label>
          <input
            id={ids[0]}
            ref={user}
            value={login.user}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target }) => setLogin({ ...login, user: target.value })}
          />
        </div>
        <div className="field">
          <label htmlFor={ids[1]}>{words.onboarding.password}</label>
          <input
            id={ids[1]}
            type="password"
            value={login.password}
            autoComplete="new-password"
            placeholder={words.onboarding.noPassword}
            onChange={({ target }) => setLogin({ ...login, password: target.value })}
          />
        </div>
        <button type="submit" className="button-primary" disabled={isRunning}>
          {isRunning ? words.onboarding.working : lines.length === 0 ? words.onboarding.logIn : words.onboarding.again}
        </button>
        <p className="step-note">
          {remembered === undefined ? words.onboarding.lockNote : words.onboarding.remembered}
        </p>
      </form>
      {error !== undefined && (
        <div role="alert" className="step-problem">
          <ProblemText error={error} />
        </div>
      )}
      {(lines.length > 0 || isRunning) && <ProbeLines lines={lines} isRunning={isRunning} />}
      {channels.length > 0 && !isRunning && (
        <Channels channels={channels} onGo={() => onProbed({ channels, device: said, onvifPort, login })} />
      )}
    </div>
  );
}

function useProbe(device: FoundDevice) {
  const [lines, setLines] = useState<readonly ProbeStep[]>([]);
  const [isRunning, setIsRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const current = useRef<AbortController>(undefined);
  useEffect(() => () => current.current?.abort(), []);
  const run = async ({ user, password }: Login) => {
    const leaving = new AbortController();
    current.current = leaving;
    setLines([]);
    setError(undefined);
    setIsRunning(true);
    const body = {
      host: device.host,
      ...(device.port === undefined ? {} : { port: device.port }),
      ...(user === '' ? {} : { user, password }),
    };
    try {
      for await (const line of postLines<ProbeStep>('probes', body, leaving)) setLines((was) => [...was, line]);
    } catch (failure) {
      if (!leaving.signal.aborted) setError(failure);
    }
    setIsRunning(false);
  };
  return { lines, isRunning, error, run };
}

function ProbeLines({ lines, isRunning }: { lines: readonly ProbeStep[]; isRunning: boolean }) {
  const words = useWords();
  return (
    <ol className="probe-lines" aria-live="polite">
      {lines.map((line, index) => {
        const said = faultWords({ code: line.code, detail: line.message, cure: line.cure }, words);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added to.
          <li key={index} className={`is-${line.verdict}`}>
            <span className="probe-mark" role="img" aria-label={words.onboarding.verdicts[line.verdict]} />
            <span className="probe-text">
              {line.code === undefined ? line.message : said.title}
              {line.code !== undefined && said.detail !== undefined && (
                <small lang={said.detailLang}>{said.detail}</small>
              )}
              {said.cure !== undefined && <small>{said.cure}</small>}
            </span>
            <span className="probe-ms">
              {formatNumber(Math.round(line.tookMs / 10) / 100, words)} {words.units.second}
            </span>
          </li>
        );
      })}
      {isRunning && (
        <li className="is-running">
          <span className="probe-mark" />
          <span className="probe-text">{words.onboarding.working}</span>
        </li>
      )}
    </ol>
  );
}

function Channels({ channels, onGo }: { channels: readonly ProbedChannel[]; onGo: () => void }) {
  const words = useWords();
  const go = useRef<HTMLButtonElement>(null);
  useEffect(() => go.current?.focus(), []);
  return (
    <>
      <ul className="channels">
        {channels.map(({ choice, picture, detect, watch }) => (
          <li key={choice.detect.url}>
            {picture !== undefined && <img src={picture} alt={words.onboarding.picture} />}
            <p className="channel-name">{channels.length > 1 ? words.onboarding.channel(choice.name) : choice.name}</p>
            <p>
              {words.onboarding.detectOn}: {detect === undefined ? choice.detect.url : streamText(detect, words)}
            </p>
            {choice.watch.url !== choice.detect.url && (
              <p>
                {words.onboarding.watchOn}: {watch === undefined ? choice.watch.url : streamText(watch, words)}
              </p>
            )}
            <p className="muted">{choice.reason}</p>
          </li>
        ))}
      </ul>
      <button type="button" ref={go} className="button-primary" onClick={onGo}>
        {words.onboarding.register(channels.length)}
      </button>
    </>
  );
}

function streamText({ codec, width, height, fps }: StreamMeasurement, words: ReturnType<typeof useWords>): string {
  const rate = `${formatNumber(Math.round(fps * 10) / 10, words)} ${words.units.fps}`;
  return `${codecName(codec)} ${width} × ${height}, ${rate}`;
}
