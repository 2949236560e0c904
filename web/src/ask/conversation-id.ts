/// Which conversation this tab shows. Its name survives a reload with the tab (session storage); tabs
/// that show the same one see each other by a lock that each of them holds. Without storage a reload
/// begins a new conversation; without locks (pages that are not secure contexts) a tab believes that it
/// is alone.

const storageKey = `weir.conversation ${new URL('.', document.baseURI).pathname}`;

let current: string | null = recall();
let release: () => void = () => undefined;
if (current !== null) hold(current);

export function conversationId(): string | null {
  return current;
}

export function showConversation(id: string): void {
  release();
  current = id;
  remember(id);
  hold(id);
}

/** Tells whether another tab goes on showing the conversation that was left. */
export async function leaveConversation(): Promise<boolean> {
  const left = current;
  const releaseLeft = release;
  current = null;
  release = () => undefined;
  remember(null);
  const shown = left === null ? 0 : await tabsShowing(left);
  releaseLeft();
  return shown > 1;
}

/** Until it is released, or the tab is closed. */
function hold(id: string): void {
  const held = new Promise<void>((done) => (release = done));
  void navigator.locks?.request(lockName(id), { mode: 'shared' }, () => held);
}

async function tabsShowing(id: string): Promise<number> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.filter(({ name }) => name === lockName(id)).length;
}

function lockName(id: string): string {
  return `weir.conversation ${id}`;
}

function recall(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function remember(id: string | null): void {
  try {
    if (id === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, id);
  } catch {
    // Storage is denied.
  }
}
