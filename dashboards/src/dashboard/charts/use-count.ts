/** Numbers the values that something has had: a name for each, where the values themselves have none. */
import { useState } from 'react';

export function useCount(value: unknown): number {
  const [held] = useState(() => ({ count: 0, value }));
  if (held.value !== value) Object.assign(held, { value, count: held.count + 1 });
  return held.count;
}
