/// When what happened in an answer happened, as this page saw it. Times are milliseconds.

export interface Seen {
  /** Milliseconds since 1970: the question was sent off. Null: it was not asked here. */
  began: number | null;
  /** How long this page searched. */
  searched: number | null;
  /** From `began` to the first of the text, and to the last so far. */
  first: number | null;
  last: number | null;
  /** How many pauses between pieces of text were at most as long as each of `pauseBounds`. */
  pauses: number[];
  longestPause: number;
}

/** The last pause count is of all that are longer. */
export const pauseBounds = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120];

export function nothingSeen(began: number | null): Seen {
  const pauses = Array<number>(pauseBounds.length + 1).fill(0);
  return { began, searched: null, first: null, last: null, pauses, longestPause: 0 };
}

export function sawSearch(seen: Seen, now = Date.now()): Seen {
  return seen.began === null ? seen : { ...seen, searched: now - seen.began };
}

export function sawText(seen: Seen, now = Date.now()): Seen {
  if (seen.began === null) return seen;
  const at = now - seen.began;
  if (seen.first === null || seen.last === null) return { ...seen, first: at, last: at };
  const pause = Math.max(0, at - seen.last);
  const found = pauseBounds.findIndex((bound) => pause <= bound);
  const place = found < 0 ? pauseBounds.length : found;
  const pauses = seen.pauses.map((count, index) => (index === place ? count + 1 : count));
  return { ...seen, last: at, pauses, longestPause: Math.max(seen.longestPause, pause) };
}

/** Half of the pauses are at most this long; null: there was none. */
export function typicalPause({ pauses, longestPause }: Seen): number | null {
  const all = pauses.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let passed = 0;
  const place = pauses.findIndex((count) => (passed += count) * 2 >= all);
  return Math.min(pauseBounds[place] ?? longestPause, longestPause);
}
