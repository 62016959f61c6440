/** Rows in parts of at most so many, as they come. */
export function* inParts<Row>(rows: Iterable<Row>, most: number): Generator<Row[]> {
  let part: Row[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length < most) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
