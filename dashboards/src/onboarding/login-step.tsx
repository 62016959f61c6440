/** Logs in to a device once, and shows each step of the measuring as it happens. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { postLines } from '../api-client.ts';
import { codecName } from '../cameras/camera-list.tsx';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { faultWords, ProblemText } from '../workspace/problem-text.tsx';
import type { ChannelTold, DeviceTold, ProbeLine, StreamTold } from './told.ts';

export type Login = { user: string; password: string };
export type Probed = { cameras: ChannelTold[]; device: ProbeLine['device']; login: Login };

type LoginStepProps = {
  device: DeviceTold;
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
  const choice = lines.find(({ step, cameras }) => step === 'choice' && (cameras?.length ?? 0) > 0);
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
      {lines.length > 0 && <ProbeLines lines={lines} />}
      {choice?.cameras !== undefined && !isRunning && (
        <Channels
          cameras={choice.cameras}
          onGo={() => onProbed({ cameras: choice.cameras ?? [], device: choice.device, login })}
        />
      )}
    </div>
  );
}

function useProbe(device: DeviceTold) {
  const [lines, setLines] = useState<ProbeLine[]>([]);
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
      port: device.port,
      ...(user === '' ? {} : { user, password }),
    };
    try {
      for await (const line of postLines<ProbeLine>('probes', body, leaving)) setLines((was) => withLine(was, line));
    } catch (failure) {
      if (!leaving.signal.aborted) setError(failure);
    }
    setIsRunning(false);
  };
  return { lines, isRunning, error, run };
}

/** A step is told when it begins and again when it ends. */
function withLine(lines: ProbeLine[], line: ProbeLine): ProbeLine[] {
  const at = lines.findIndex(({ step, verdict }) => step === line.step && verdict === 'running');
  return at === -1 ? [...lines, line] : lines.with(at, line);
}

function ProbeLines({ lines }: { lines: readonly ProbeLine[] }) {
  const words = useWords();
  return (
    <ol className="probe-lines" aria-live="polite">
      {lines.map((line, index) => {
        const said = faultWords({ code: line.code, detail: line.text, cure: line.cure }, words);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added to.
          <li key={index} className={`is-${line.verdict}`}>
            <span className="probe-mark" role="img" aria-label={words.onboarding.verdicts[line.verdict]} />
            <span className="probe-text">
              {line.code === undefined ? line.text : said.title}
              {line.code !== undefined && said.detail !== undefined && <small>{said.detail}</small>}
              {said.cure !== undefined && <small>{said.cure}</small>}
            </span>
            {line.ms !== undefined && (
              <span className="probe-ms">
                {formatNumber(line.ms / 1000, words)} {words.units.second}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Channels({ cameras, onGo }: { cameras: readonly ChannelTold[]; onGo: () => void }) {
  const words = useWords();
  const go = useRef<HTMLButtonElement>(null);
  useEffect(() => go.current?.focus(), []);
  return (
    <>
      <ul className="channels">
        {cameras.map((camera) => (
          <li key={camera.detect.url}>
            {camera.pictureJpegBase64 !== undefined && <img src={pictureOf(camera)} alt={words.onboarding.picture} />}
            <p className="channel-name">{cameras.length > 1 ? words.onboarding.channel(camera.name) : camera.name}</p>
            <p>
              {words.onboarding.detectOn}: {streamText(camera.detect, words)}
            </p>
            {camera.watch !== undefined && camera.watch.url !== camera.detect.url && (
              <p>
                {words.onboarding.watchOn}: {streamText(camera.watch, words)}
              </p>
            )}
            {camera.why !== undefined && <p className="muted">{camera.why}</p>}
          </li>
        ))}
      </ul>
      <button type="button" ref={go} className="button-primary" onClick={onGo}>
        {words.onboarding.register(cameras.length)}
      </button>
    </>
  );
}

export const pictureOf = ({ pictureJpegBase64 }: ChannelTold): string | undefined =>
  pictureJpegBase64 === undefined ? undefined : `data:image/jpeg;base64,${pictureJpegBase64}`;

function streamText({ codec, width, height, fps }: StreamTold, words: ReturnType<typeof useWords>): string {
  const rate = fps === undefined ? '' : `, ${formatNumber(Math.round(fps * 10) / 10, words)} ${words.units.fps}`;
  return `${codecName(codec)} ${width} × ${height}${rate}`;
}
