/** What we use of shpjs, which brings no types. */
declare module 'shpjs' {
  export function parseShp(shp: Uint8Array): unknown[];
  export function parseDbf(dbf: Uint8Array, encoding?: string): Record<string, unknown>[];
}
