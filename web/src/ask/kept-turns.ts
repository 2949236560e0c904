import type { ChatRequest } from 'weir';

import type { StageSoFar } from './stage.ts';

/// Questions and what has been read of their answers, kept in this browser so that a reload or another
/// tab goes on where the page was. One entry of local storage per turn: an entry is written whole or not
/// at all, so text and cursor always belong together, and any entry is a place to go on from, whichever
/// tab wrote it last. Where there is no storage, or no room, the page works without.

export interface KeptTurn {
  id: string;
  conversation: string;
  /** Milliseconds since 1970. */
  askedAt: number;
  /** The ask's key: the right to stop the answer. */
  key: string;
  repository: string;
  /** How the repository was opened (packs/choice.ts). */
  choice: string | null;
  question: string;
  /**
   * Asking it again with the key leads to the same answer. Kept until the answer's id is known; of a
   * research to its end.
   */
  request: ChatRequest | null;
  /** Looked into in several stages. */
  research: boolean;
  /** At least one. */
  stages: StageSoFar[];
}

const turnsKept = 50;
/** In UTF-16 units, as browsers count: most allow about five million for a whole origin. */
const sizeKept = 2_000_000;
const ageKept = 24 * 60 * 60 * 1000;

/** Pages below other paths of the origin have their own. The number goes up with the entry's form. */
const prefix = `weir.turn.2 ${new URL('.', document.baseURI).pathname} `;

type Named = Pick<KeptTurn, 'askedAt' | 'conversation' | 'id'>;

/** The entry's name tells its age and its conversation, so that most need not be read. */
const nameOf = ({ askedAt, conversation, id }: Named) =>
  `${prefix}${askedAt} ${conversation} ${id}`;

/** All that are kept, oldest first. */
export function keptTurns(): KeptTurn[] {
  try {
    const oldest = Date.now() - ageKept;
    for (const name of names()) if (askedAt(name) < oldest) localStorage.removeItem(name);
    return names().flatMap((name) => read(localStorage.getItem(name)) ?? []);
  } catch {
    return [];
  }
}

/** Makes room at the cost of older turns; false where there is none to be had. */
export function keepTurn(turn: KeptTurn): boolean {
  const name = nameOf(turn);
  const text = JSON.stringify(turn);
  try {
    const others = names().filter((other) => other !== name);
    while (others.length > 0 && !fits(text, others)) localStorage.removeItem(others.shift()!);
    if (!fits(text, others)) return false;
    for (;;) {
      if (wasWritten(name, text)) return true;
      const oldest = others.shift();
      if (oldest === undefined) return false;
      localStorage.removeItem(oldest);
    }
  } catch {
    return false;
  }
}

export function dropTurn(turn: Named): void {
  try {
    localStorage.removeItem(nameOf(turn));
  } catch {
    // Storage is denied: nothing was kept.
  }
}

/** Turns of this conversation that another tab keeps. */
export function onKeptElsewhere(conversation: () => string | null, take: (turn: KeptTurn) => void) {
  addEventListener('storage', ({ key, newValue }) => {
    if (!key?.startsWith(prefix) || !key.includes(` ${conversation()} `)) return;
    const turn = read(newValue);
    if (turn) take(turn);
  });
}

function names(): string[] {
  const own = Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  return own.sort((a, b) => askedAt(a) - askedAt(b));
}

function askedAt(name: string): number {
  return Number.parseInt(name.slice(prefix.length), 10) || 0;
}

function fits(text: string, others: string[]): boolean {
  const sizes = others.map((name) => localStorage.getItem(name)?.length ?? 0);
  const size = sizes.reduce((sum, one) => sum + one, text.length);
  return others.length < turnsKept && size <= sizeKept;
}

function wasWritten(name: string, text: string): boolean {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false; // the browser's own limit
  }
}

function read(text: string | null): KeptTurn | null {
  try {
    return text === null ? null : (JSON.parse(text) as KeptTurn);
  } catch {
    return null;
  }
}
