/** The Imaging service: brightness and its kin, day and night; settings are kept, pictures do not change by them. */
import { type DeviceContext, type Service, sourcesOf } from './context.ts';
import { elementText, noSuch, type SoapRequest } from './soap.ts';
import { fields, type Markup, tag } from './xml.ts';

const LEVELS = ['Brightness', 'ColorSaturation', 'Contrast', 'Sharpness'] as const;
const FILTER_MODES = ['ON', 'OFF', 'AUTO'] as const;

export type ImagingSettings = { levels: Record<(typeof LEVELS)[number], number>; irCutFilter: string };

function settingsOf({ text }: SoapRequest, device: DeviceContext): ImagingSettings {
  const token = elementText(text, 'VideoSourceToken') ?? '';
  if (!sourcesOf(device).some((source) => source.token === token)) {
    throw noSuch(`There is no video source ${token}`, 'NoSource');
  }
  const known = device.imaging.get(token);
  const settings: ImagingSettings = known ?? {
    levels: { Brightness: 50, ColorSaturation: 50, Contrast: 50, Sharpness: 50 },
    irCutFilter: 'AUTO',
  };
  device.imaging.set(token, settings);
  return settings;
}

function settingsMarkup({ levels, irCutFilter }: ImagingSettings): Markup {
  const { Brightness, ColorSaturation, Contrast, Sharpness } = levels;
  return tag('timg:ImagingSettings', [
    ...fields('tt', { Brightness, ColorSaturation, Contrast }),
    ...fields('tt', { IrCutFilter: irCutFilter, Sharpness }),
  ]);
}

function change(request: SoapRequest, device: DeviceContext): Markup {
  const settings = settingsOf(request, device);
  for (const level of LEVELS) {
    const wanted = elementText(request.text, level);
    if (wanted === undefined) continue;
    if (!(Number(wanted) >= 0 && Number(wanted) <= 100)) throw noSuch(`${level} is 0 to 100`, 'SettingsInvalid');
    settings.levels[level] = Number(wanted);
  }
  const filter = elementText(request.text, 'IrCutFilter');
  if (filter !== undefined) settings.irCutFilter = filter;
  return tag('timg:SetImagingSettingsResponse', []);
}

function options(): Markup {
  const range = (name: string) => tag(`tt:${name}`, fields('tt', { Min: 0, Max: 100 }));
  const [brightness, saturation, contrast, sharpness] = LEVELS.map(range);
  const modes = FILTER_MODES.map((mode) => tag('tt:IrCutFilterModes', mode));
  return tag('timg:ImagingOptions', [brightness, saturation, contrast, ...modes, sharpness]);
}

export const IMAGING_SERVICE: Service = {
  prefix: 'timg',
  path: '/onvif/imaging_service',
  handlers: {
    GetServiceCapabilities: () =>
      tag('timg:GetServiceCapabilitiesResponse', [tag('timg:Capabilities', [], { ImageStabilization: false })]),
    GetImagingSettings: (request, device) =>
      tag('timg:GetImagingSettingsResponse', [settingsMarkup(settingsOf(request, device))]),
    SetImagingSettings: change,
    GetOptions: (request, device) => {
      settingsOf(request, device);
      return tag('timg:GetOptionsResponse', [options()]);
    },
    GetMoveOptions: (request, device) => {
      settingsOf(request, device);
      return tag('timg:GetMoveOptionsResponse', [tag('timg:MoveOptions', [])]);
    },
    GetStatus: (request, device) => {
      settingsOf(request, device);
      return tag('timg:GetStatusResponse', [tag('timg:Status', [])]);
    },
  },
};
