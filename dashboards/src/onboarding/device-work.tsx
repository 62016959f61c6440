/** A found device on its way: logged in to once, then each of its channels registered, placed, calibrated. */
import { useState } from 'react';
import type { CameraInput, CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { CameraWork } from './camera-work.tsx';
import { type Login, LoginStep, type Probed, pictureOf } from './login-step.tsx';
import { NEW_DRAFT, PlaceStep } from './place-step.tsx';
import { StepBar, type StepName } from './step-bar.tsx';
import type { ChannelTold, DeviceTold } from './told.ts';

type DeviceWorkProps = {
  device: DeviceTold;
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
  const channel = probed?.cameras[index];
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
  const hasMore = index + 1 < probed.cameras.length;
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
      <StepBar title={probed.cameras.length > 1 ? `${title}: ${channel.name}` : title} steps={STEPS} step="place" />
      <PlaceStep
        key={index}
        first={{ ...NEW_DRAFT, name: probed.cameras.length > 1 ? channel.name : title }}
        areas={areas}
        others={cameras}
        picture={pictureOf(channel)}
        submitText={words.onboarding.registerNow}
        onSubmit={async (fields) => {
          const camera = await api.addCamera({ ...inputOf(channel, probed), ...fields });
          onChanged();
          setAdded(camera);
        }}
      />
    </>
  );
}

function inputOf(channel: ChannelTold, { device, login }: Probed): Omit<CameraInput, 'name'> {
  const { detect, watch, profile, channel: source } = channel;
  return {
    url: detect.url,
    ...(login.user === '' ? {} : { user: login.user }),
    ...(login.user === '' || login.password === '' ? {} : { password: login.password }),
    ...(watch === undefined || watch.url === detect.url ? {} : { watchUrl: watch.url }),
    ...(device === undefined
      ? {}
      : {
          device: {
            ...device,
            ...(profile === undefined ? {} : { profile }),
            ...(source === undefined ? {} : { channel: source }),
          },
        }),
  };
}

export const nameOf = ({ name, manufacturer, model }: DeviceTold, unknown: string): string =>
  name ?? ([manufacturer, model].filter(Boolean).join(' ') || unknown);
