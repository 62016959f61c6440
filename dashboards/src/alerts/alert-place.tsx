/** Where an alert happened: its place with its error, and the ways of its tracks, on a small map. */
import type { FeatureCollection } from 'geojson';
import { useCallback, useEffect, useRef } from 'react';
import type { Alert } from '#models/schema/alert.ts';
import type { TrackWay } from '#models/schema/alert-view.ts';
import { type AreaCollection, atLeast, boundsOf } from '../map/areas.ts';
import { trackShapes } from '../map/sample-tracks.ts';
import { useCityMap } from '../map/use-city-map.ts';
import { useWords } from '../words/language.tsx';

type PlaceProps = { alert: Alert; areas: AreaCollection | undefined; tracks: readonly TrackWay[] };

const SPAN_M = 160;
const PADDING = { top: 24, right: 24, bottom: 24, left: 24 };
const ignore = () => {};
const METRES_PER_DEGREE = 111_320;
const CORNERS = 48;

/** Twice the standard deviation around the place: where it was, with 95 % certainty along the worse axis. */
function doubtRing({ lon, lat, errorM }: NonNullable<Alert['position']>): FeatureCollection {
  const ring = Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const angle = (corner * 2 * Math.PI) / CORNERS;
    const east = (2 * errorM * Math.cos(angle)) / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
    return [lon + east, lat + (2 * errorM * Math.sin(angle)) / METRES_PER_DEGREE];
  });
  const geometry = { type: 'Polygon' as const, coordinates: [ring] };
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry }] };
}

export function AlertPlace({ alert, areas, tracks }: PlaceProps) {
  const words = useWords();
  const container = useRef<HTMLDivElement>(null);
  const onView = useCallback(ignore, []);
  const { map } = useCityMap(container, { onView, onPoint: ignore });
  const { position } = alert;
  useEffect(() => {
    if (map !== undefined && areas !== undefined) map.setAreas(areas);
  }, [map, areas]);
  useEffect(() => {
    if (map === undefined || position === undefined) return;
    const pin = document.createElement('span');
    pin.className = `alert-pin is-${alert.severity}`;
    const placed = map.place(pin, position.lon, position.lat);
    map.setSight(doubtRing(position));
    const bounds = boundsOf([[position.lon, position.lat]]);
    if (bounds !== null) map.show(atLeast(bounds, SPAN_M), PADDING, { isInstant: true });
    return placed.remove;
  }, [map, position, alert.severity]);
  useEffect(() => {
    map?.setTracks(
      trackShapes(
        tracks.map(({ track, camera, kind, points }) => ({
          id: track,
          camera,
          kind,
          fromMs: points[0]?.atMs ?? 0,
          toMs: points.at(-1)?.atMs ?? 0,
          points: points.flatMap(({ lon, lat, atMs }) =>
            lon === undefined || lat === undefined ? [] : [[lon, lat, atMs]],
          ),
        })),
      ),
    );
  }, [map, tracks]);
  if (position === undefined) return <p className="muted">{words.alerts.noPlace}</p>;
  return <div ref={container} className="alert-map map" data-testid="alert-map" data-ready={map !== undefined} />;
}
