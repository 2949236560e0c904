/** Longest wait for the water, in minutes. */
export const longestWait = 360;

/** Waits for the water to rise: twice as long each time, ferries apart from each other. */
export function waitForTide(attempt: number): Promise<void> {
  const wait = Math.min(longestWait, 15 * 2 ** attempt);
  const apart = Math.random() * wait;
  return new Promise((done) => setTimeout(done, wait / 2 + apart / 2));
}
