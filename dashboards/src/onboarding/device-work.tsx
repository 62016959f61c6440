/** A found device on its way: logged in to once, then each of its channels registered, placed, calibrated. */
import { useState } from 'react';
import type { CameraInput, CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { CameraWork } from './camera-work.tsx';
import type { FoundDevice } from './discovery.ts';
import { type Login, LoginStep, type Probed } from './login-step.tsx';
import { NEW_DRAFT, PlaceStep } from './place-step.tsx';
import type { ProbedChannel } from './probed.ts';
import { StepBar, type StepName } from './step-bar.tsx';

type DeviceWorkProps = {
  device: FoundDevice;
  remembered: Login | undefined;
  onRemember: (login: Login) => void;
  cameras: readonly CameraView[];
  areas: AreaCollection | undefined;
  onChanged: () => void;
  onNext: (() => void) | undefined;
};

const STEPS: readonly StepName[] = ['login', 'place', 'calibrate', 'done'];

export function DeviceWork({ device, remembered, onRemember, cameras, areas, onChanged, onNext }: DeviceWorkProps) {
  const words = useWords();
  const [probed, setProbed] = useState<Probed>();
  const [index, setIndex] = useState(0);
  const [added, setAdded] = useState<CameraView>();
  const title = nameOf(device, words.onboarding.unknownDevice);
  const channel = probed?.channels[index];
  if (probed === undefined || channel === undefined) {
    const onProbed = (told: Probed) => {
      onRemember(told.login);
      setProbed(told);
    };
    return (
      <>
        <StepBar title={title} steps={STEPS} step="login" />
        <LoginStep device={device} remembered={remembered} onProbed={onProbed} />
      </>
    );
  }
  const hasMore = index + 1 < probed.channels.length;
  if (added !== undefined) {
    const onNextChannel = () => {
      setAdded(undefined);
      setIndex(index + 1);
    };
    return (
      <CameraWork
        key={added.id}
        camera={cameras.find(({ id }) => id === added.id) ?? added}
        cameras={cameras}
        areas={areas}
        onChanged={onChanged}
        onNext={hasMore ? onNextChannel : onNext}
      />
    );
  }
  return (
    <>
      <StepBar
        title={probed.channels.length > 1 ? `${title}: ${channel.choice.name}` : title}
        steps={STEPS}
        step="place"
      />
      <PlaceStep
        key={index}
        first={{ ...NEW_DRAFT, name: probed.channels.length > 1 ? channel.choice.name : title }}
        areas={areas}
        others={cameras}
        picture={channel.picture}
        submitText={words.onboarding.registerNow}
        onSubmit={async (fields) => {
          const camera = await api.addCamera({ ...inputOf(device, channel, probed), ...fields });
          onChanged();
          setAdded(camera);
        }}
      />
    </>
  );
}

function inputOf(
  { host, port, mac }: FoundDevice,
  { choice }: ProbedChannel,
  { device, login }: Probed,
): Omit<CameraInput, 'name'> {
  const facts = {
    manufacturer: device?.manufacturer,
    model: device?.model,
    serial: device?.serial,
    firmware: device?.firmware,
    mac: device?.mac ?? mac,
    profile: choice.detect.token,
    channel: choice.channel,
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined && fact !== ''));
  return {
    url: choice.detect.url,
    ...(login.user === '' ? {} : { user: login.user }),
    ...(login.user === '' || login.password === '' ? {} : { password: login.password }),
    ...(choice.watch.url === choice.detect.url ? {} : { watchUrl: choice.watch.url }),
    device: { host, port, scheme: 'onvif', ...known },
  };
}

export const nameOf = ({ name, manufacturer, model }: FoundDevice, unknown: string): string =>
  name ?? ([manufacturer, model].filter(Boolean).join(' ') || unknown);
