/** From unknown boxes on the network to placed, calibrated, live cameras: a list of what there is, and the work on one. */
import { useState } from 'react';
import { api } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { hrefOf, usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { CameraWork } from './camera-work.tsx';
import { DeviceList, deviceLink } from './device-list.tsx';
import { DeviceWork } from './device-work.tsx';
import { useDiscovery } from './discovery.ts';
import type { Login } from './login-step.tsx';

export function CamerasPage({ me, onSignedOut }: ViewProps) {
  const words = useWords();
  const { rest } = usePlace();
  const discovery = useDiscovery();
  const [remembered, setRemembered] = useState<Login>();
  const cameras = usePolled('cameras', (signal) => api.readCameras({ signal }), { intervalMs: 2000, onSignedOut });
  const areas = usePolled('areas', (signal) => api.readAreas({ signal }), { intervalMs: 60_000, onSignedOut });
  const all = cameras.data ?? [];
  const device = discovery.devices.find(({ key }) => deviceLink(key) === rest);
  const camera = all.find(({ id }) => id === rest);
  const fresh = discovery.devices.find((each) => each !== device && each.cameras.length === 0);
  const goOn = fresh === undefined ? undefined : () => location.assign(hrefOf('cameras', deviceLink(fresh.key)));
  const work = { cameras: all, areas: areas.data, onChanged: cameras.refresh, onNext: goOn };
  if (!me.user.roles.some((role) => role === 'administrator' || role === 'engineer')) {
    return (
      <ViewFrame name="onboarding is-refused">
        <p>{words.onboarding.notAllowed}</p>
      </ViewFrame>
    );
  }
  return (
    <ViewFrame name={device === undefined && camera === undefined ? 'onboarding' : 'onboarding has-work'}>
      <DeviceList discovery={discovery} cameras={all} chosen={rest} />
      <section className="onboarding-work">
        <a className="button-plain rule-back" href={hrefOf('cameras')}>
          ‹ {words.views.cameras}
        </a>
        {cameras.problem !== undefined && <ProblemText error={cameras.problem} />}
        {device !== undefined && (
          <DeviceWork key={device.key} device={device} remembered={remembered} onRemember={setRemembered} {...work} />
        )}
        {device === undefined && camera !== undefined && <CameraWork key={camera.id} camera={camera} {...work} />}
        {device === undefined && camera === undefined && (
          <div className="onboarding-empty">
            <p>{words.onboarding.choose}</p>
            <p className="muted">{words.onboarding.chooseKeys}</p>
          </div>
        )}
      </section>
    </ViewFrame>
  );
}
