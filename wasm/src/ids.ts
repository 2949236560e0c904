/** Answers' ids and asks' keys: 128 bits, as the protocol writes them. */
import { type Failure, failure } from './errors.js';

/** Bits that nobody can guess. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The keys of a research's turns: all of them follow from its own, so that whoever asks the same
 * again, after a reload or in another tab, asks for the same answers.
 */
export function keysOfTurns(key: string, turns: number): string[] {
  const last = Number.parseInt(key.slice(-2), 16);
  return Array.from(
    { length: turns },
    (_, turn) => key.slice(0, -2) + (last ^ turn).toString(16).padStart(2, '0'),
  );
}

/** Says what is wrong with an id or key that the caller gave; it is not repeated: it may be secret. */
export function wrongId(what: string, given: unknown): Failure | undefined {
  if (typeof given === 'string' && /^[0-9a-f]{32}$/i.test(given)) return undefined;
  return failure('invalid_request', `${what} is not 32 hexadecimal digits.`);
}
