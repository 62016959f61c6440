/** "1 alert" and "37 alerts": a number as people read it, with its noun. */
export const counted = (count: string, one: string, many = `${one}s`): string =>
  count === '1' ? `1 ${one}` : `${count} ${many}`;
