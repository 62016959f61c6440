/** Which video source of a device an event is about: it may name the source, or a configuration of it. */
import type { DeviceServices } from '#ingest/onvif/device-services.ts';
import { findAll, textAt } from '#ingest/onvif/xml.ts';

/** Tokens of configurations → tokens of their video sources. */
export type Channels = ReadonlyMap<string, string>;

const CONFIGURATIONS_MAX = 512;

/** Empty where the device does not tell: its events then go by what they name. */
export async function readChannels(services: DeviceServices): Promise<Channels> {
  for (const version of ['media2', 'media'] as const) {
    if (!services.has(version)) continue;
    try {
      const answer = await services.call(version, 'GetVideoSourceConfigurations');
      const found = findAll(answer, 'Configurations')
        .slice(0, CONFIGURATIONS_MAX)
        .flatMap((one): [string, string][] => {
          const [token, source] = [one.attributes.token, textAt(one, 'SourceToken')];
          return token === undefined || source === undefined ? [] : [[token, source]];
        });
      if (found.length > 0) return new Map(found);
    } catch {
      // The older service, or none.
    }
  }
  return new Map();
}
