import { signal } from '@preact/signals';

import { dropTurn, keepTurn } from './kept-turns.ts';
import { type Turn, keptForm } from './turn.ts';

/// When turns are written: a few times a second while they grow, and when the page may go.

const pause = 300;

/** True while what is shown can be kept. */
export const keeping = signal(false);

const grown = new Set<Turn>();
let timer: ReturnType<typeof setTimeout> | undefined;

export function keepSoon(turn: Turn): void {
  grown.add(turn);
  timer ??= setTimeout(flush, pause);
}

export function keepNow(turn: Turn): void {
  grown.add(turn);
  flush();
}

export function forget(turn: Turn): void {
  grown.delete(turn);
  dropTurn(turn);
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  for (const turn of grown) keeping.value = keepTurn(keptForm(turn));
  grown.clear();
}

addEventListener('pagehide', flush);
document.addEventListener('visibilitychange', flush);
