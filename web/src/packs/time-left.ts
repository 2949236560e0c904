/// How long work will go on, judged by how long what is done of it took.

/** Judging by less than this would be guessing. */
const secondsAtLeast = 1;
const doneAtLeast = 0.02;

/** Seconds that are left; nothing where that cannot be told (yet). */
export function secondsLeft(elapsedSeconds: number, done: number | undefined): number | undefined {
  if (done === undefined || done < doneAtLeast || done >= 1) return undefined;
  if (elapsedSeconds < secondsAtLeast) return undefined;
  return (elapsedSeconds * (1 - done)) / done;
}

/** As people say it: nobody counts the seconds of an estimate. */
export function timeLeft(seconds: number): string {
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} seconds left`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes === 1 ? 'about a minute left' : `about ${minutes} minutes left`;
}
