/** A city with two districts; lixia has a grid, shizhong a street with one. */

const square = (lon: number, lat: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [lon, lat],
      [lon + 0.01, lat],
      [lon + 0.01, lat + 0.01],
      [lon, lat + 0.01],
      [lon, lat],
    ],
  ],
});

const area = (id: string, level: string, parent: string | null, lon = 117) => ({
  type: 'Feature',
  properties: { id, name: id, level, parent },
  geometry: square(lon, 36),
});

export const CITY = {
  type: 'FeatureCollection',
  features: [
    area('lixia-g1', 'grid', 'lixia', 117.1),
    area('jinan', 'city', null),
    area('lixia', 'district', 'jinan', 117.1),
    area('shizhong', 'district', 'jinan', 117.3),
    area('dikou', 'street', 'shizhong', 117.3),
    area('dikou-g1', 'grid', 'dikou', 117.3),
  ],
};
