/** The Media service (ver10, Profile S): profiles, sources, encoders, and where their streams and pictures are. */
import { type DeviceContext, type OnvifProfile, type Service, sourceOf, sourcesOf } from './context.ts';
import { ptzConfiguration } from './ptz-service.ts';
import { elementText, noSuch, type SoapRequest } from './soap.ts';
import { fields, type Markup, tag } from './xml.ts';

const BITRATE_KBPS_MAX = 4096;
export const GOP_S = 2;

/** The profile that is asked for by its token; throws SoapFault where there is none. */
export function askedProfile({ text }: SoapRequest, { profiles }: DeviceContext): OnvifProfile {
  const token = elementText(text, 'ProfileToken') ?? elementText(text, 'Token');
  const found = profiles.find((profile) => profile.token === token);
  if (found === undefined) throw noSuch(`There is no profile ${token ?? ''}`, 'NoProfile');
  return found;
}

export function streamUrl(profile: OnvifProfile, { host }: DeviceContext): string {
  return profile.streamUrl.startsWith(':') ? `rtsp://${host}${profile.streamUrl}` : profile.streamUrl;
}

export const snapshotUrl = (profile: OnvifProfile, { address }: DeviceContext) =>
  `${address}/onvif/snapshot/${encodeURIComponent(profile.token)}`;

export function videoSourceConfiguration(profile: OnvifProfile, device: DeviceContext, name: string): Markup {
  const source = sourceOf(profile);
  const whole = sourcesOf(device).find(({ token }) => token === source)?.profile ?? profile;
  const useCount = device.profiles.filter((other) => sourceOf(other) === source).length;
  return tag(
    name,
    [
      ...fields('tt', { Name: source, UseCount: useCount, SourceToken: source }),
      tag('tt:Bounds', [], { x: 0, y: 0, width: whole.width, height: whole.height }),
    ],
    { token: `${source}-configuration` },
  );
}

const resolution = ({ width, height }: OnvifProfile) =>
  tag('tt:Resolution', fields('tt', { Width: width, Height: height }));

function encoderConfiguration(profile: OnvifProfile, name: string): Markup {
  return tag(
    name,
    [
      ...fields('tt', { Name: profile.name, UseCount: 1, Encoding: profile.codec }),
      resolution(profile),
      tag('tt:Quality', 5),
      tag(
        'tt:RateControl',
        fields('tt', { FrameRateLimit: profile.fps, EncodingInterval: 1, BitrateLimit: BITRATE_KBPS_MAX }),
      ),
      tag('tt:H264', fields('tt', { GovLength: Math.round(profile.fps * GOP_S), H264Profile: 'Main' })),
      tag('tt:Multicast', [
        tag('tt:Address', fields('tt', { Type: 'IPv4', IPv4Address: '0.0.0.0' })),
        ...fields('tt', { Port: 0, TTL: 0, AutoStart: false }),
      ]),
      tag('tt:SessionTimeout', 'PT60S'),
    ],
    { token: encoderToken(profile) },
  );
}

export const encoderToken = ({ token }: OnvifProfile) => `${token}-encoder`;

function profileMarkup(profile: OnvifProfile, device: DeviceContext, name: string): Markup {
  return tag(
    name,
    [
      tag('tt:Name', profile.name),
      videoSourceConfiguration(profile, device, 'tt:VideoSourceConfiguration'),
      encoderConfiguration(profile, 'tt:VideoEncoderConfiguration'),
      device.ptz === undefined ? undefined : ptzConfiguration('tt:PTZConfiguration'),
    ],
    { token: profile.token, fixed: true },
  );
}

function encoderOptions(device: DeviceContext): Markup {
  const range = (name: string, min: number, max: number) => tag(`tt:${name}`, fields('tt', { Min: min, Max: max }));
  const sizes = [
    ...new Map(device.profiles.map((profile) => [`${profile.width}x${profile.height}`, profile])).values(),
  ];
  return tag('trt:Options', [
    range('QualityRange', 1, 6),
    tag('tt:H264', [
      ...sizes.map(({ width, height }) =>
        tag('tt:ResolutionsAvailable', fields('tt', { Width: width, Height: height })),
      ),
      range('GovLengthRange', 1, 250),
      range('FrameRateRange', 1, 25),
      range('EncodingIntervalRange', 1, 1),
      tag('tt:H264ProfilesSupported', 'Main'),
    ]),
  ]);
}

function mediaUri(name: string, uri: string): Markup {
  return tag(name, [
    tag(
      'trt:MediaUri',
      fields('tt', { Uri: uri, InvalidAfterConnect: false, InvalidAfterReboot: false, Timeout: 'PT0S' }),
    ),
  ]);
}

function byToken<Item extends { token: string }>(items: readonly Item[], { text }: SoapRequest): Item {
  const token = elementText(text, 'ConfigurationToken');
  const found = items.find((item) => item.token === token);
  if (found === undefined) throw noSuch(`There is no configuration ${token ?? ''}`, 'NoConfig');
  return found;
}

export const MEDIA_SERVICE: Service = {
  prefix: 'trt',
  path: '/onvif/media_service',
  handlers: {
    GetServiceCapabilities: (_, { profiles }) =>
      tag('trt:GetServiceCapabilitiesResponse', [
        tag(
          'trt:Capabilities',
          [
            tag('trt:ProfileCapabilities', [], { MaximumNumberOfProfiles: profiles.length }),
            tag('trt:StreamingCapabilities', [], { RTPMulticast: false, RTP_TCP: true, RTP_RTSP_TCP: true }),
          ],
          { SnapshotUri: true, Rotation: false },
        ),
      ]),
    GetProfiles: (_, device) =>
      tag(
        'trt:GetProfilesResponse',
        device.profiles.map((profile) => profileMarkup(profile, device, 'trt:Profiles')),
      ),
    GetProfile: (request, device) =>
      tag('trt:GetProfileResponse', [profileMarkup(askedProfile(request, device), device, 'trt:Profile')]),
    GetVideoSources: (_, device) =>
      tag(
        'trt:GetVideoSourcesResponse',
        sourcesOf(device).map(({ token, profile }) =>
          tag('trt:VideoSources', [tag('tt:Framerate', profile.fps), resolution(profile)], { token }),
        ),
      ),
    GetVideoSourceConfigurations: (_, device) =>
      tag(
        'trt:GetVideoSourceConfigurationsResponse',
        sourcesOf(device).map(({ profile }) => videoSourceConfiguration(profile, device, 'trt:Configurations')),
      ),
    GetVideoSourceConfiguration: (request, device) => {
      const sources = sourcesOf(device).map((one) => ({ ...one, token: `${one.token}-configuration` }));
      const { profile } = byToken(sources, request);
      return tag('trt:GetVideoSourceConfigurationResponse', [
        videoSourceConfiguration(profile, device, 'trt:Configuration'),
      ]);
    },
    GetVideoEncoderConfigurations: (_, { profiles }) =>
      tag(
        'trt:GetVideoEncoderConfigurationsResponse',
        profiles.map((profile) => encoderConfiguration(profile, 'trt:Configurations')),
      ),
    GetVideoEncoderConfiguration: (request, { profiles }) => {
      const encoders = profiles.map((profile) => ({ token: encoderToken(profile), profile }));
      const { profile } = byToken(encoders, request);
      return tag('trt:GetVideoEncoderConfigurationResponse', [encoderConfiguration(profile, 'trt:Configuration')]);
    },
    GetVideoEncoderConfigurationOptions: (_, device) =>
      tag('trt:GetVideoEncoderConfigurationOptionsResponse', [encoderOptions(device)]),
    GetAudioSources: () => tag('trt:GetAudioSourcesResponse', []),
    GetAudioEncoderConfigurations: () => tag('trt:GetAudioEncoderConfigurationsResponse', []),
    GetStreamUri: (request, device) =>
      mediaUri('trt:GetStreamUriResponse', streamUrl(askedProfile(request, device), device)),
    GetSnapshotUri: (request, device) =>
      mediaUri('trt:GetSnapshotUriResponse', snapshotUrl(askedProfile(request, device), device)),
  },
};
