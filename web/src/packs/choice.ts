/// Which pack was open last: its address, or its id if it is kept on this device.

const key = 'weir.choice';

let chosen: string | null = null;

/** In this tab, where `recallChoice` is about all tabs. */
export function chosenHere(): string | null {
  return chosen;
}

export function recallChoice(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Null: what is open cannot be opened again by itself. */
export function rememberChoice(choice: string | null): void {
  chosen = choice;
  try {
    if (choice === null) localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    // Storage is denied: the next visit starts with the first offer.
  }
}
