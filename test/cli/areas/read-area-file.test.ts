import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import proj4 from 'proj4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import wkx from 'wkx';
import { asBody, type Feature, readAreaFile } from '#cli/areas/read-area-file.ts';
import { dbfOf, type Shape, shpOf } from './write-shapefile.ts';
import { zipOf } from './write-zip.ts';

const RING = [
  [117.02, 36.66],
  [117.02, 36.662],
  [117.023, 36.662],
  [117.023, 36.66],
  [117.02, 36.66],
];
const HOLE = [
  [117.021, 36.661],
  [117.022, 36.661],
  [117.022, 36.6615],
  [117.021, 36.661],
];

/** Gauss-Krüger of CGCS2000, 3-degree zone around 117° E: EPSG:4548. */
const PRJ =
  'PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]';
const TMERC = '+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs';
const projected = (ring: number[][]) => ring.map((place) => proj4(TMERC).forward(place as [number, number]));

const utf8 = (text: string) => new TextEncoder().encode(text);
/** "编号", "名称" and "一号网格" in GBK; others in ASCII. */
const GBK: Record<string, number[]> = {
  编号: [0xb1, 0xe0, 0xba, 0xc5],
  名称: [0xc3, 0xfb, 0xb3, 0xc6],
  一号网格: [0xd2, 0xbb, 0xba, 0xc5, 0xcd, 0xf8, 0xb8, 0xf1],
};
const gbk = (text: string) => Uint8Array.from(GBK[text] ?? [...text].map((letter) => letter.charCodeAt(0)));

let folder: string;
const file = (name: string, content: string | Uint8Array) => {
  const path = resolve(folder, name);
  writeFileSync(path, content);
  return path;
};
const geometryOf = (feature: Feature | undefined) => feature?.geometry as { type: string; coordinates: number[][][] };

beforeAll(() => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-areas-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a shapefile', () => {
  const shapes: Shape[] = [{ rings: [RING, HOLE], row: { 编号: 'g1', 名称: '一号网格' } }];

  it('is read from a ZIP archive, holes and Chinese texts in GBK included', () => {
    const path = file('gbk.zip', zipOf({ 'a/grids.shp': shpOf(shapes), 'a/grids.dbf': dbfOf(shapes, gbk) }));
    const { features, skipped } = readAreaFile(path);
    expect(skipped).toBe(0);
    expect(features).toHaveLength(1);
    expect(features[0]?.properties).toEqual({ 编号: 'g1', 名称: '一号网格' });
    expect(geometryOf(features[0]).coordinates.map((ring) => ring.length)).toEqual([5, 4]);
  });

  it('is read in the encoding that is named, that its .cpg names, or that fits', () => {
    const shp = shpOf(shapes);
    const named = file('named.zip', zipOf({ 'g.shp': shp, 'g.dbf': dbfOf(shapes, gbk) }));
    expect(readAreaFile(named, { encoding: 'gbk' }).features[0]?.properties).toMatchObject({ 名称: '一号网格' });
    const cpg = file('cpg.zip', zipOf({ 'g.shp': shp, 'g.dbf': dbfOf(shapes, utf8), 'g.cpg': utf8('UTF-8') }));
    expect(readAreaFile(cpg).features[0]?.properties).toMatchObject({ 名称: '一号网格' });
    const fits = file('fits.zip', zipOf({ 'g.shp': shp, 'g.dbf': dbfOf(shapes, utf8) }));
    expect(readAreaFile(fits).features[0]?.properties).toMatchObject({ 名称: '一号网格' });
  });

  it('in Gauss-Krüger metres comes back in degrees within a centimetre, by its .prj or by --epsg', () => {
    const metres: Shape[] = [{ rings: [projected(RING)], row: { id: 'g1' } }];
    file('grids.shp', shpOf(metres));
    file('grids.dbf', dbfOf(metres, utf8));
    file('grids.prj', PRJ);
    const byPrj = geometryOf(readAreaFile(resolve(folder, 'grids.shp')).features[0]).coordinates[0]!;
    rmSync(resolve(folder, 'grids.prj'));
    const byCode = geometryOf(readAreaFile(resolve(folder, 'grids.shp'), { epsg: 4548 }).features[0]).coordinates[0]!;
    for (const [index, [lon = 0, lat = 0]] of RING.entries()) {
      for (const ring of [byPrj, byCode]) {
        expect(Math.abs(ring[index]![0]! - lon)).toBeLessThan(1e-7);
        expect(Math.abs(ring[index]![1]! - lat)).toBeLessThan(1e-7);
      }
    }
    expect(() => readAreaFile(resolve(folder, 'grids.shp'), { epsg: 2412 })).toThrow(/EPSG:2412 is not known/);
  });

  it('says what is missing or damaged', () => {
    const shp = shpOf(shapes);
    expect(() => readAreaFile(file('no-dbf.zip', zipOf({ 'g.shp': shp })))).toThrow(/\.dbf .* is missing/);
    expect(() => readAreaFile(file('none.zip', zipOf({ 'g.txt': utf8('x') })))).toThrow(/no shapefile/);
    const two = zipOf({ 'a.shp': shp, 'a.dbf': dbfOf(shapes, utf8), 'b.shp': shp, 'b.dbf': dbfOf(shapes, utf8) });
    expect(() => readAreaFile(file('two.zip', two))).toThrow(/2 shapefiles: name one with --layer \(a\.shp, b\.shp\)/);
    expect(readAreaFile(file('two.zip', two), { layer: 'b' }).features).toHaveLength(1);
    expect(() => readAreaFile(file('cut.zip', two.subarray(0, 300)))).toThrow(/cut off, or no ZIP/);
    const rows = dbfOf([...shapes, ...shapes], utf8);
    expect(() => readAreaFile(file('rows.zip', zipOf({ 'g.shp': shp, 'g.dbf': rows })))).toThrow(/1 shapes but 2 rows/);
  });
});

describe('KML', () => {
  const placemark = (name: string, shape: string) =>
    `<Placemark><name>${name}</name><ExtendedData><Data name="id"><value>g1</value></Data></ExtendedData>${shape}</Placemark>`;
  const polygon = `<Polygon><outerBoundaryIs><LinearRing><coordinates>${RING.map((place) => `${place.join(',')},0`).join(' ')}</coordinates></LinearRing></outerBoundaryIs></Polygon>`;
  const kml = (inner: string) =>
    `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${inner}</Document></kml>`;

  it('gives its polygons with name and data; points and lines are counted and passed over', () => {
    const point = placemark('p', '<Point><coordinates>117,36</coordinates></Point>');
    const both = kml(placemark('一号网格', polygon) + point);
    const { features, skipped } = readAreaFile(file('grids.kml', both));
    expect(skipped).toBe(1);
    expect(features[0]?.properties).toMatchObject({ name: '一号网格', id: 'g1' });
    const zipped = readAreaFile(file('grids.kmz', zipOf({ 'doc.kml': utf8(both) })));
    expect(zipped.features).toEqual(features);
  });

  it('takes a placemark of several polygons as one area', () => {
    const many = kml(placemark('a', `<MultiGeometry>${polygon}${polygon}</MultiGeometry>`));
    expect(geometryOf(readAreaFile(file('many.kml', many)).features[0]).type).toBe('MultiPolygon');
  });

  it('that is broken or holds no area is refused in words', () => {
    expect(() => readAreaFile(file('broken.kml', '<kml><Document></kml>'))).toThrow(/the KML is broken/);
    const points = kml(placemark('p', '<Point><coordinates>117,36</coordinates></Point>'));
    expect(() => readAreaFile(file('points.kml', points))).toThrow(/holds no areas; 1 points and lines/);
  });
});

describe('a GeoPackage', () => {
  function writePackage(
    name: string,
    { srs, definition, rings }: { srs: number; definition: string; rings: number[][][] },
  ) {
    const path = resolve(folder, name);
    rmSync(path, { force: true });
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
      CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
      CREATE TABLE grids (fid INTEGER PRIMARY KEY, geom BLOB, id TEXT, "名称" TEXT, households INTEGER);
      INSERT INTO gpkg_geometry_columns VALUES ('grids', 'geom', ${srs});`);
    database.prepare('INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?)').run(srs, 'EPSG', srs, definition);
    const wkb = wkx.Geometry.parseGeoJSON({ type: 'Polygon', coordinates: rings }).toWkb();
    const header = Buffer.from([0x47, 0x50, 0, 0b00000011, 0, 0, 0, 0]);
    header.writeInt32LE(srs, 4);
    const envelope = Buffer.alloc(32);
    const insert = database.prepare('INSERT INTO grids (geom, id, "名称", households) VALUES (?, ?, ?, ?)');
    insert.run(Buffer.concat([header, envelope, wkb]), 'g1', '一号网格', 321);
    database.close();
    return path;
  }

  it('gives its areas in degrees, whatever its projection', () => {
    const degrees = writePackage('degrees.gpkg', { srs: 4326, definition: 'GEOGCS["WGS 84"]', rings: [RING, HOLE] });
    const { features } = readAreaFile(degrees);
    expect(features[0]?.properties).toMatchObject({ id: 'g1', 名称: '一号网格', households: 321 });
    expect(geometryOf(features[0]).coordinates).toEqual([RING, HOLE]);
    const metres = writePackage('metres.gpkg', { srs: 4548, definition: 'undefined', rings: [projected(RING)] });
    const ring = geometryOf(readAreaFile(metres).features[0]).coordinates[0]!;
    expect(Math.abs(ring[0]![0]! - 117.02)).toBeLessThan(1e-7);
  });

  it('without such a layer, or that is none, is refused in words', () => {
    const path = writePackage('layer.gpkg', { srs: 4326, definition: 'GEOGCS[]', rings: [RING] });
    expect(() => readAreaFile(path, { layer: 'x' })).toThrow(/no such layer; it has: grids/);
    expect(() => readAreaFile(file('none.gpkg', 'hello'))).toThrow(/no readable GeoPackage/);
  });
});

describe('GeoJSON', () => {
  it('that is broken is refused with line and column', () => {
    const broken: [string, string][] = [
      ['{\n  "type": "FeatureCollection",\n  "features": [}\n}', 'line 3, column 16'],
      ['{\n  "type": "Fea', 'line 2, column 11'],
      ['{\n  "features": [', 'line 2, column 16'],
      ['{"a": [1, 2,\n 3,]}', 'line 2, column 4'],
      ['{"a": 1,\n "b" 2}', 'line 2, column 6'],
      ['{"a": 01}', 'line 1, column 8'],
      ['{} x', 'line 1, column 4'],
      ["{'a': 1}", 'line 1, column 2'],
      ['', 'line 1, column 1'],
    ];
    for (const [index, [text, place]] of broken.entries())
      expect(() => readAreaFile(file(`broken-${index}.geojson`, text))).toThrow(`(${place})`);
    const other = file('d.geojson', '{"type":"Topology"}');
    expect(() => readAreaFile(other)).toThrow(/FeatureCollection, but has "type": "Topology"/);
    expect(() => readAreaFile(resolve(folder, 'absent.geojson'))).toThrow(/there is no file/);
  });

  it('with the projection of its forerunner comes back in degrees', () => {
    const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4548' } };
    const feature = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [projected(RING)] } };
    const path = file('crs.geojson', JSON.stringify({ type: 'FeatureCollection', crs, features: [feature] }));
    expect(Math.abs(geometryOf(readAreaFile(path).features[0]).coordinates[0]![0]![0]! - 117.02)).toBeLessThan(1e-7);
  });

  it('of ten million corners is refused by its size, without being read', () => {
    const path = file('huge.geojson', '');
    truncateSync(path, 400 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    expect(() => readAreaFile(path)).toThrow(/has 400 MiB, more than the 128 MiB that are taken at once/);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('that is too large to be sent is refused before it is', () => {
    const big = 'x'.repeat(33 * 1024 * 1024);
    const features: Feature[] = [1, 2].map(() => ({ type: 'Feature', properties: { big }, geometry: null }));
    expect(() => asBody(features, 'big.geojson')).toThrow(/big\.geojson has 67 MiB, more than the 64 MiB/);
  });
});
