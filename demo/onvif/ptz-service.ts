/** The PTZ service: one node, one configuration, presets, and the moves that a joystick makes. */
import type { DeviceContext, Handler, Service } from './context.ts';
import type { Position, Ptz } from './ptz.ts';
import { attributeOf, elementText, noSuch, notSupported, type SoapRequest } from './soap.ts';
import { fields, type Markup, tag } from './xml.ts';

const CONFIGURATION = 'ptz-configuration';
const NODE = 'ptz-node';
const SPACES = 'http://www.onvif.org/ver10/tptz/';

const SPACE = {
  absolutePanTilt: `${SPACES}PanTiltSpaces/PositionGenericSpace`,
  absoluteZoom: `${SPACES}ZoomSpaces/PositionGenericSpace`,
  relativePanTilt: `${SPACES}PanTiltSpaces/TranslationGenericSpace`,
  relativeZoom: `${SPACES}ZoomSpaces/TranslationGenericSpace`,
  panTiltVelocity: `${SPACES}PanTiltSpaces/VelocityGenericSpace`,
  zoomVelocity: `${SPACES}ZoomSpaces/VelocityGenericSpace`,
};

const range = (name: string, min: number, max: number) => tag(`tt:${name}`, fields('tt', { Min: min, Max: max }));

const space = (name: string, uri: string, ranges: Markup[]) => tag(`tt:${name}`, [tag('tt:URI', uri), ...ranges]);

function supportedSpaces(): Markup {
  const both = [range('XRange', -1, 1), range('YRange', -1, 1)];
  return tag('tt:SupportedPTZSpaces', [
    space('AbsolutePanTiltPositionSpace', SPACE.absolutePanTilt, both),
    space('AbsoluteZoomPositionSpace', SPACE.absoluteZoom, [range('XRange', 0, 1)]),
    space('RelativePanTiltTranslationSpace', SPACE.relativePanTilt, both),
    space('RelativeZoomTranslationSpace', SPACE.relativeZoom, [range('XRange', -1, 1)]),
    space('ContinuousPanTiltVelocitySpace', SPACE.panTiltVelocity, both),
    space('ContinuousZoomVelocitySpace', SPACE.zoomVelocity, [range('XRange', -1, 1)]),
  ]);
}

export function ptzConfiguration(name: string): Markup {
  return tag(
    name,
    [
      ...fields('tt', { Name: CONFIGURATION, UseCount: 2, NodeToken: NODE }),
      ...fields('tt', {
        DefaultAbsolutePantTiltPositionSpace: SPACE.absolutePanTilt,
        DefaultAbsoluteZoomPositionSpace: SPACE.absoluteZoom,
        DefaultRelativePanTiltTranslationSpace: SPACE.relativePanTilt,
        DefaultRelativeZoomTranslationSpace: SPACE.relativeZoom,
        DefaultContinuousPanTiltVelocitySpace: SPACE.panTiltVelocity,
        DefaultContinuousZoomVelocitySpace: SPACE.zoomVelocity,
        DefaultPTZTimeout: 'PT5S',
      }),
    ],
    { token: CONFIGURATION },
  );
}

const node = (name: string) =>
  tag(
    name,
    [tag('tt:Name', NODE), supportedSpaces(), ...fields('tt', { MaximumNumberOfPresets: 16, HomeSupported: true })],
    { token: NODE, FixedHomePosition: false },
  );

function positionMarkup(name: string, { pan, tilt, zoom }: Position): Markup {
  return tag(name, [
    tag('tt:PanTilt', [], { x: pan, y: tilt, space: SPACE.absolutePanTilt }),
    tag('tt:Zoom', [], { x: zoom, space: SPACE.absoluteZoom }),
  ]);
}

/** What a request says of pan, tilt and zoom; what it leaves out is undefined. */
function readVector({ text }: SoapRequest): Partial<Position> {
  const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));
  const parts = {
    pan: number(attributeOf(text, 'PanTilt', 'x')),
    tilt: number(attributeOf(text, 'PanTilt', 'y')),
    zoom: number(attributeOf(text, 'Zoom', 'x')),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => Number.isFinite(value)));
}

type PtzHandler = (request: SoapRequest, ptz: Ptz, device: DeviceContext) => Markup;

function withPtz(handler: PtzHandler): Handler {
  return (request, device) => {
    if (device.ptz === undefined) throw notSupported(request.action);
    const token = elementText(request.text, 'ProfileToken');
    const isKnown = token === undefined || device.profiles.some((profile) => profile.token === token);
    if (!isKnown) throw noSuch(`There is no profile ${token}`, 'NoProfile');
    return handler(request, device.ptz, device);
  };
}

const empty = (action: string) => tag(`tptz:${action}Response`, []);

/** A second of moving at full speed crosses this share of the range. */
const CONTINUOUS_SHARE = 0.3;

const HANDLERS: Record<string, PtzHandler> = {
  GetServiceCapabilities: () =>
    tag('tptz:GetServiceCapabilitiesResponse', [
      tag('tptz:Capabilities', [], { EFlip: false, Reverse: false, MoveStatus: true, StatusPosition: true }),
    ]),
  GetNodes: () => tag('tptz:GetNodesResponse', [node('tptz:PTZNode')]),
  GetNode: () => tag('tptz:GetNodeResponse', [node('tptz:PTZNode')]),
  GetConfigurations: () => tag('tptz:GetConfigurationsResponse', [ptzConfiguration('tptz:PTZConfiguration')]),
  GetConfiguration: () => tag('tptz:GetConfigurationResponse', [ptzConfiguration('tptz:PTZConfiguration')]),
  GetConfigurationOptions: () =>
    tag('tptz:GetConfigurationOptionsResponse', [
      tag('tptz:PTZConfigurationOptions', [
        tag('tt:Spaces', supportedSpacesContent()),
        tag('tt:PTZTimeout', fields('tt', { Min: 'PT1S', Max: 'PT60S' })),
      ]),
    ]),
  GetPresets: (_, ptz) =>
    tag(
      'tptz:GetPresetsResponse',
      ptz
        .presets()
        .map(({ token, name, position }) =>
          tag('tptz:Preset', [tag('tt:Name', name), positionMarkup('tt:PTZPosition', position)], { token }),
        ),
    ),
  SetPreset: ({ text }, ptz) => {
    const preset = ptz.set({
      token: elementText(text, 'PresetToken'),
      name: elementText(text, 'PresetName') ?? 'preset',
    });
    return tag('tptz:SetPresetResponse', fields('tptz', { PresetToken: preset.token }));
  },
  RemovePreset: ({ text }, ptz) => {
    if (!ptz.remove(elementText(text, 'PresetToken') ?? '')) throw noSuch('There is no such preset', 'NoToken');
    return empty('RemovePreset');
  },
  GotoPreset: ({ text }, ptz) => {
    if (!ptz.goTo(elementText(text, 'PresetToken') ?? '')) throw noSuch('There is no such preset', 'NoToken');
    return empty('GotoPreset');
  },
  GotoHomePosition: (_, ptz) => {
    ptz.goTo(ptz.presets()[0]?.token ?? '');
    return empty('GotoHomePosition');
  },
  GetStatus: (_, ptz, { nowMs }) => {
    const moving = ptz.isMoving() ? 'MOVING' : 'IDLE';
    return tag('tptz:GetStatusResponse', [
      tag('tptz:PTZStatus', [
        positionMarkup('tt:Position', ptz.position()),
        tag('tt:MoveStatus', fields('tt', { PanTilt: moving, Zoom: moving })),
        tag('tt:UtcTime', new Date(nowMs()).toISOString()),
      ]),
    ]);
  },
  AbsoluteMove: (request, ptz) => {
    const now = ptz.position();
    const wanted = { ...now, ...readVector(request) };
    ptz.move({ pan: wanted.pan - now.pan, tilt: wanted.tilt - now.tilt, zoom: wanted.zoom - now.zoom });
    return empty('AbsoluteMove');
  },
  RelativeMove: (request, ptz) => {
    ptz.move(readVector(request));
    return empty('RelativeMove');
  },
  ContinuousMove: (request, ptz) => {
    const { pan = 0, tilt = 0, zoom = 0 } = readVector(request);
    ptz.move({ pan: pan * CONTINUOUS_SHARE, tilt: tilt * CONTINUOUS_SHARE, zoom: zoom * CONTINUOUS_SHARE });
    return empty('ContinuousMove');
  },
  Stop: (_, ptz) => {
    ptz.stop();
    return empty('Stop');
  },
};

function supportedSpacesContent(): Markup {
  return { markup: supportedSpaces().markup.replace(/^<[^>]+>|<\/[^>]+>$/g, '') };
}

export const PTZ_SERVICE: Service = {
  prefix: 'tptz',
  path: '/onvif/ptz_service',
  handlers: Object.fromEntries(Object.entries(HANDLERS).map(([action, handler]) => [action, withPtz(handler)])),
};
