/** Longest wait between two attempts, in milliseconds. */
export const longestWait = 30_000;

/** Waits before the next attempt: twice as long each time, with jitter, up to `longestWait`. */
export function backoff(attempt: number): Promise<void> {
  const wait = Math.min(longestWait, 250 * 2 ** attempt);
  const jitter = Math.random() * wait;
  return new Promise((done) => setTimeout(done, wait / 2 + jitter / 2));
}
