/** The Media2 service (ver20, Profile T): the same profiles, with H.265 and without the configurations nobody asked for. */
import { type DeviceContext, type OnvifProfile, type Service, sourcesOf } from './context.ts';
import {
  askedProfile,
  encoderToken,
  GOP_S,
  snapshotUrl,
  streamUrl,
  videoSourceConfiguration,
} from './media-service.ts';
import { ptzConfiguration } from './ptz-service.ts';
import { elementTexts, type SoapRequest } from './soap.ts';
import { fields, type Markup, tag } from './xml.ts';

function encoderConfiguration(profile: OnvifProfile, name: string): Markup {
  const { width, height, fps } = profile;
  return tag(
    name,
    [
      ...fields('tt', { Name: profile.name, UseCount: 1, Encoding: profile.codec }),
      tag('tt:Resolution', fields('tt', { Width: width, Height: height })),
      tag('tt:RateControl', fields('tt', { FrameRateLimit: fps, BitrateLimit: 4096 }), { ConstantBitRate: false }),
      tag('tt:Quality', 5),
    ],
    { token: encoderToken(profile), GovLength: Math.round(fps * GOP_S), Profile: 'Main' },
  );
}

function configurations(profile: OnvifProfile, device: DeviceContext, types: readonly string[]): Markup | undefined {
  const wants = (type: string) => types.includes('All') || types.includes(type);
  const parts = [
    wants('VideoSource') ? videoSourceConfiguration(profile, device, 'tr2:VideoSource') : undefined,
    wants('VideoEncoder') ? encoderConfiguration(profile, 'tr2:VideoEncoder') : undefined,
    wants('PTZ') && device.ptz !== undefined ? ptzConfiguration('tr2:PTZ') : undefined,
  ];
  return parts.some((part) => part !== undefined) ? tag('tr2:Configurations', parts) : undefined;
}

function profiles({ text }: SoapRequest, device: DeviceContext): Markup[] {
  const types = elementTexts(text, 'Type');
  const [token] = elementTexts(text, 'Token');
  const asked = token === undefined ? device.profiles : device.profiles.filter((profile) => profile.token === token);
  return asked.map((profile) =>
    tag('tr2:Profiles', [tag('tr2:Name', profile.name), configurations(profile, device, types)], {
      token: profile.token,
      fixed: true,
    }),
  );
}

function encoderOptions(device: DeviceContext): Markup[] {
  const range = (name: string, min: number, max: number) => tag(`tt:${name}`, fields('tt', { Min: min, Max: max }));
  const byCodec = Map.groupBy(device.profiles, ({ codec }) => codec);
  return [...byCodec].map(([codec, group]) =>
    tag(
      'tr2:Options',
      [
        tag('tt:Encoding', codec),
        range('QualityRange', 1, 6),
        ...group.map(({ width, height }) =>
          tag('tt:ResolutionsAvailable', fields('tt', { Width: width, Height: height })),
        ),
        range('BitrateRange', 64, 8192),
      ],
      { GovLengthRange: '1 250', FrameRatesSupported: '25 15 10 5 1', ProfilesSupported: 'Main' },
    ),
  );
}

export const MEDIA2_SERVICE: Service = {
  prefix: 'tr2',
  path: '/onvif/media2_service',
  handlers: {
    GetServiceCapabilities: (_, { profiles: all }) =>
      tag('tr2:GetServiceCapabilitiesResponse', [
        tag(
          'tr2:Capabilities',
          [
            tag('tr2:ProfileCapabilities', [], {
              MaximumNumberOfProfiles: all.length,
              ConfigurationsSupported: 'VideoSource VideoEncoder PTZ',
            }),
            tag('tr2:StreamingCapabilities', [], { RTSPStreaming: true, RTPMulticast: false, RTP_RTSP_TCP: true }),
          ],
          { SnapshotUri: true, Rotation: false },
        ),
      ]),
    GetProfiles: (request, device) => tag('tr2:GetProfilesResponse', profiles(request, device)),
    GetVideoSourceConfigurations: (_, device) =>
      tag(
        'tr2:GetVideoSourceConfigurationsResponse',
        sourcesOf(device).map(({ profile }) => videoSourceConfiguration(profile, device, 'tr2:Configurations')),
      ),
    GetVideoEncoderConfigurations: (_, device) =>
      tag(
        'tr2:GetVideoEncoderConfigurationsResponse',
        device.profiles.map((profile) => encoderConfiguration(profile, 'tr2:Configurations')),
      ),
    GetVideoEncoderConfigurationOptions: (_, device) =>
      tag('tr2:GetVideoEncoderConfigurationOptionsResponse', encoderOptions(device)),
    GetAudioEncoderConfigurations: () => tag('tr2:GetAudioEncoderConfigurationsResponse', []),
    GetStreamUri: (request, device) =>
      tag('tr2:GetStreamUriResponse', [tag('tr2:Uri', streamUrl(askedProfile(request, device), device))]),
    GetSnapshotUri: (request, device) =>
      tag('tr2:GetSnapshotUriResponse', [tag('tr2:Uri', snapshotUrl(askedProfile(request, device), device))]),
  },
};
