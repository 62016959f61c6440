/** Where a camera looks, as shapes on the map: a wedge by its heading and field of view, or the ground that is measured. */
import type { Feature, FeatureCollection, Polygon } from 'geojson';

export type Place = { lon: number; lat: number };
export type Aim = { headingDeg: number; fieldOfViewDeg: number };

/** How far the wedge is drawn, metres; the handle that turns it stands at its end. */
export const WEDGE_M = 40;
const ARC_STEPS = 16;
const METRES_PER_DEGREE = 111_320;
const RADIANS = Math.PI / 180;

/** The place `distanceM` away in a direction; 0 is north, clockwise. Good to a centimetre within a kilometre. */
export function placeAt({ lon, lat }: Place, headingDeg: number, distanceM: number): Place {
  const [east, north] = [Math.sin(headingDeg * RADIANS) * distanceM, Math.cos(headingDeg * RADIANS) * distanceM];
  return {
    lon: lon + east / (METRES_PER_DEGREE * Math.cos(lat * RADIANS)),
    lat: lat + north / METRES_PER_DEGREE,
  };
}

/** 0 … 360, 0 is north, clockwise. */
export function headingTo(from: Place, to: Place): number {
  const east = (to.lon - from.lon) * Math.cos(from.lat * RADIANS);
  const north = to.lat - from.lat;
  return (Math.atan2(east, north) / RADIANS + 360) % 360;
}

export const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

export function wedge(position: Place, { headingDeg, fieldOfViewDeg }: Aim): FeatureCollection {
  const arc = Array.from({ length: ARC_STEPS + 1 }, (_, step) =>
    pair(placeAt(position, headingDeg + fieldOfViewDeg * (step / ARC_STEPS - 0.5), WEDGE_M)),
  );
  return asSight([pair(position), ...arc, pair(position)], false);
}

/** The measured ground, and how unsure places on it are. */
export function measured(ring: readonly number[][], ellipses: readonly { ring: number[][] }[] = []): FeatureCollection {
  const rings = [...(ring.length < 4 ? [] : [ring]), ...ellipses.map((ellipse) => ellipse.ring)];
  return { type: 'FeatureCollection', features: rings.flatMap((each) => asSight(each, true).features) };
}

/** A path as a ribbon that is so many metres wide to each side, and dots beside it. */
export function walked(path: readonly Place[], dots: readonly Place[]): FeatureCollection {
  const ribbons = path.slice(1).map((to, index) => ribbon(path[index]!, to));
  const features = [...ribbons, ...dots.map(dot)].flatMap((ring) => asSight(ring, true).features);
  return { type: 'FeatureCollection', features };
}

const RIBBON_M = 0.12;
const DOT_M = 0.3;

function ribbon(from: Place, to: Place): number[][] {
  const heading = headingTo(from, to);
  const side = (at: Place, turn: number) => pair(placeAt(at, heading + turn, RIBBON_M));
  return [side(from, 90), side(to, 90), side(to, -90), side(from, -90), side(from, 90)];
}

const dot = (at: Place): number[][] =>
  [0, 60, 120, 180, 240, 300, 360].map((headingDeg) => pair(placeAt(at, headingDeg, DOT_M)));

function asSight(ring: readonly number[][], isMeasured: boolean): FeatureCollection {
  const feature: Feature<Polygon> = {
    type: 'Feature',
    properties: { isMeasured },
    geometry: { type: 'Polygon', coordinates: [ring as number[][]] },
  };
  return { type: 'FeatureCollection', features: [feature] };
}

const pair = ({ lon, lat }: Place): number[] => [lon, lat];
