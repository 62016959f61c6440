/** Draws the line or the zone of a condition: on the picture of the camera, or on the map. */
import type { FeatureCollection } from 'geojson';
import { useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { RuleZone } from '#models/schema/rule-shape.ts';
import type { Corner } from '../cameras/picture-corner.tsx';
import { stateOf } from '../cameras/state-glyph.tsx';
import { usePicture } from '../cameras/use-picture.ts';
import type { AreaCollection } from '../map/areas.ts';
import { GroundMap } from '../onboarding/ground-map.tsx';
import { MapHandle } from '../onboarding/map-handle.tsx';
import type { StateName } from '../words/english.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { ShapeBoard } from './shape-board.tsx';

export type Drawn = { space: RuleZone['space']; points: number[][] };

type ShapeStepProps = {
  shape: 'line' | 'zone';
  isOptional: boolean;
  drawn: Drawn | undefined;
  camera: CameraView | undefined;
  cameras: readonly CameraView[];
  areas: AreaCollection | undefined;
  ways: readonly (readonly Corner[])[];
  onDrawn: (drawn: Drawn | undefined) => void;
};

const PICTURED: readonly StateName[] = ['live', 'degraded'];

export function ShapeStep({ shape, isOptional, drawn, camera, cameras, areas, ways, onDrawn }: ShapeStepProps) {
  const words = useWords();
  const said = words.rules;
  // One that brings none is not asked: the words on the board say so.
  const hasPicture = camera !== undefined && PICTURED.includes(stateOf(camera));
  const { picture } = usePicture(camera?.id, hasPicture);
  const [open, setOpen] = useState<Drawn | null>(null);
  const space = open?.space ?? drawn?.space ?? 'picture';
  const least = shape === 'line' ? 2 : 3;
  const points = open?.points ?? drawn?.points ?? [];
  const done = () => {
    if (open === null || open.points.length < least) return;
    onDrawn(open);
    setOpen(null);
  };
  const change = (to: number[][]) => (open === null ? onDrawn({ space, points: to }) : setOpen({ space, points: to }));
  const begin = (in_: Drawn['space']) => setOpen({ space: in_, points: [] });
  return (
    <div className="rule-shape">
      <div className="rule-shape-bar">
        <Choice
          label={said.draw}
          options={(['picture', 'ground'] as const).map((value) => ({ value, text: said.spaces[value] }))}
          value={space}
          onChoose={begin}
        />
        <button type="button" className="button-plain" onClick={() => begin(space)}>
          {said.drawAgain}
        </button>
        {open !== null && open.points.length > 0 && (
          <button
            type="button"
            className="button-plain"
            onClick={() => setOpen({ ...open, points: open.points.slice(0, -1) })}
          >
            {said.dropPoint}
          </button>
        )}
        {shape === 'line' && open === null && drawn !== undefined && (
          <button
            type="button"
            className="button-plain"
            onClick={() => onDrawn({ ...drawn, points: drawn.points.toReversed() })}
          >
            {said.turnLine}
          </button>
        )}
        {isOptional && drawn !== undefined && open === null && (
          <button type="button" className="button-plain" onClick={() => onDrawn(undefined)}>
            {said.remove}
          </button>
        )}
      </div>
      {space === 'picture' ? (
        <ShapeBoard
          picture={hasPicture ? picture : undefined}
          shape={shape}
          points={points}
          isOpen={open !== null || drawn === undefined}
          ways={ways}
          onPoints={(to) => (drawn === undefined && open === null ? setOpen({ space, points: to }) : change(to))}
          onDone={done}
        />
      ) : (
        <ShapeMap shape={shape} points={points} {...{ camera, cameras, areas }} onPoints={change} onDone={done} />
      )}
      <p className="rule-hint">
        {drawn === undefined && open === null && isOptional ? `${said.wholePicture} ` : ''}
        {shape === 'line' ? `${said.drawLine} ${said.forthSide}` : said.drawZone}
      </p>
    </div>
  );
}

type ShapeMapProps = Pick<ShapeStepProps, 'shape' | 'camera' | 'cameras' | 'areas'> & {
  points: readonly number[][];
  onPoints: (points: number[][]) => void;
  onDone: () => void;
};

function ShapeMap({ shape, points, camera, cameras, areas, onPoints, onDone }: ShapeMapProps) {
  const words = useWords();
  const focus = points.length > 0 ? points.map(([lon = 0, lat = 0]) => ({ lon, lat })) : placeOf(camera);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the map inside takes the focus; Enter there ends the shape.
    <div className="rule-map" onDoubleClick={onDone}>
      <GroundMap
        areas={areas}
        cameras={cameras}
        focus={focus}
        sight={shapeOf(shape, points)}
        hint={shape === 'line' ? words.rules.drawLine : words.rules.drawZone}
        onPlace={(lon, lat) => onPoints([...points, [lon, lat]])}
      >
        {(map) =>
          points.map(([lon = 0, lat = 0], index) => (
            <MapHandle
              // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in the shape.
              key={index}
              map={map}
              at={{ lon, lat }}
              label={`${words.rules.draw} ${index + 1}`}
              className="is-pair"
              onMove={(to) => onPoints(points.map((was, at) => (at === index ? [to.lon, to.lat] : was)))}
            >
              {index + 1}
            </MapHandle>
          ))
        }
      </GroundMap>
      <button type="button" className="button-primary rule-map-done" onClick={onDone}>
        {words.rules.shapeDone}
      </button>
    </div>
  );
}

const placeOf = (camera: CameraView | undefined) => (camera?.position === undefined ? [] : [camera.position]);

function shapeOf(shape: 'line' | 'zone', points: readonly number[][]): FeatureCollection {
  const [first] = points;
  if (first === undefined || points.length < 2) return { type: 'FeatureCollection', features: [] };
  const geometry =
    shape === 'zone' && points.length > 2
      ? { type: 'Polygon' as const, coordinates: [[...points, first]] }
      : { type: 'LineString' as const, coordinates: [...points] };
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry }] };
}
