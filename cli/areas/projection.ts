/** Projected coordinates of files (Gauss-Krüger of CGCS2000, UTM and what a .prj says) to longitude and latitude, by proj4. */
import proj4 from 'proj4';
import { FaultError } from '#models/schema/fault.ts';

export type ToLonLat = (position: readonly number[]) => number[];

/** CGCS2000 lies within centimetres of WGS-84, so that its degrees are taken as they are. */
const DEGREES = [4326, 4490];
/** 1e-9 degrees are a tenth of a millimetre, and keep shared corners shared. */
const DIGITS = 1e9;

/** `null` for degrees, which need nothing. Throws FaultError `area-file-unreadable` for a code that is not known here. */
export function byEpsg(code: number): ToLonLat | null {
  if (DEGREES.includes(code)) return null;
  const definition = definitionOf(code);
  if (definition === undefined) {
    throw new FaultError(
      'area-file-unreadable',
      `EPSG:${code} is not known here: Gauss-Krüger of CGCS2000 (4491–4554), UTM (326xx), 3857 and degrees are; Beijing 1954 and Xi’an 1980 are not`,
      { cure: 'Save the file in WGS-84 (EPSG:4326) or CGCS2000.' },
    );
  }
  return by(definition);
}

/** From the WKT of a .prj or a GeoPackage. */
export function byWkt(wkt: string, where: string): ToLonLat | null {
  if (/^\s*(GEOGCS|GEOGCRS|GEODCRS)/i.test(wkt)) return null;
  try {
    return by(wkt);
  } catch (cause) {
    throw new FaultError(
      'area-file-unreadable',
      `${where} describes a projection that proj4 cannot read: ${wkt.slice(0, 120)}`,
      {
        cause,
        cure: 'Save the file in WGS-84 (EPSG:4326), or name its code with --epsg.',
      },
    );
  }
}

function by(definition: string): ToLonLat {
  const { inverse } = proj4(definition);
  return ([x = 0, y = 0]) => {
    const [lon, lat] = inverse([x, y]) as [number, number];
    return [Math.round(lon * DIGITS) / DIGITS, Math.round(lat * DIGITS) / DIGITS];
  };
}

/** The zones of the EPSG registry: each block of codes counts up by zone. */
function definitionOf(code: number): string | undefined {
  const kruger = (meridian: number, eastingM: number) =>
    `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${eastingM} +y_0=0 +ellps=GRS80 +units=m +no_defs`;
  const within = (first: number, last: number) => code >= first && code <= last;
  if (within(4491, 4501)) return kruger(75 + 6 * (code - 4491), (13 + code - 4491) * 1e6 + 500_000);
  if (within(4502, 4512)) return kruger(75 + 6 * (code - 4502), 500_000);
  if (within(4513, 4533)) return kruger(75 + 3 * (code - 4513), (25 + code - 4513) * 1e6 + 500_000);
  if (within(4534, 4554)) return kruger(75 + 3 * (code - 4534), 500_000);
  if (within(32601, 32660)) return `+proj=utm +zone=${code - 32600} +datum=WGS84 +units=m +no_defs`;
  if ([3857, 900913, 102100].includes(code)) return 'EPSG:3857';
  return undefined;
}
