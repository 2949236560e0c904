import type { Hit, PassageRef } from 'weir';

export interface Source {
  passage: PassageRef;
  /** Null where the edge found the passage itself. */
  hit: Hit | null;
  /** What the answer cites it by; null while unknown, or if the prompt left it out. */
  number: number | null;
}

/** Hits in the order of their rank, then what the prompt kept beside them. */
export function sourcesOf(hits: Hit[], kept: PassageRef[]): Source[] {
  const numbers = new Map(kept.map((passage, index) => [keyOf(passage), index + 1]));
  const sources: Source[] = hits.map((hit) => {
    const number = numbers.get(keyOf(hit)) ?? null;
    numbers.delete(keyOf(hit));
    return { passage: hit, hit, number };
  });
  for (const number of numbers.values()) {
    const passage = kept[number - 1];
    if (passage) sources.push({ passage, hit: null, number });
  }
  return sources;
}

/** A passage may be shortened at its end to fit: it is known by where it begins. */
function keyOf({ path, start_line }: PassageRef): string {
  return `${start_line}:${path}`;
}
