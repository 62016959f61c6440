/** Sample tracks as lines with a dot where each ended. */
import type { FeatureCollection } from 'geojson';
import type { WhyTrack } from '#models/schema/why.ts';

export const NO_TRACKS: FeatureCollection = { type: 'FeatureCollection', features: [] };

export function trackShapes(samples: readonly WhyTrack[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: samples.flatMap(({ id, kind, points }) => {
      const places = points.map(([lon = 0, lat = 0]) => [lon, lat]);
      const end = places.at(-1);
      if (end === undefined) return [];
      const properties = { id, kind };
      const dot = { type: 'Feature' as const, properties, geometry: { type: 'Point' as const, coordinates: end } };
      if (places.length < 2) return [dot];
      return [
        { type: 'Feature' as const, properties, geometry: { type: 'LineString' as const, coordinates: places } },
        dot,
      ];
    }),
  };
}
