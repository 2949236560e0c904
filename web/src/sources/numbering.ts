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
  const shown = new Set<number>();
  const sources: Source[] = hits.map((hit) => {
    const index = kept.findIndex((passage) => beginsIn(hit, passage));
    if (index < 0) return { passage: hit, hit, number: null };
    shown.add(index);
    return { passage: hit, hit, number: index + 1 };
  });
  kept.forEach((passage, index) => {
    if (!shown.has(index)) sources.push({ passage, hit: null, number: index + 1 });
  });
  return sources;
}

/** A passage may be shortened at its end to fit, or be sent as a part of its file. */
function beginsIn(hit: PassageRef, { path, start_line, end_line }: PassageRef): boolean {
  return hit.path === path && start_line <= hit.start_line && hit.start_line <= end_line;
}
