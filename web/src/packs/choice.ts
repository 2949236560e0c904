/// Which pack was open last: its address, or its id if it is kept on this device.

const key = 'weir.choice';

export function recallChoice(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function rememberChoice(choice: string): void {
  try {
    localStorage.setItem(key, choice);
  } catch {
    // Storage is denied: the next visit starts with the first offer.
  }
}
