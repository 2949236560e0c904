/** Answers' ids and asks' keys: 128 bits, as the protocol writes them. */
import { type Failure, failure } from './errors.js';

/** Bits that nobody can guess. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Says what is wrong with an id or key that the caller gave; it is not repeated: it may be secret. */
export function wrongId(what: string, given: unknown): Failure | undefined {
  if (typeof given === 'string' && /^[0-9a-f]{32}$/i.test(given)) return undefined;
  return failure('invalid_request', `${what} is not 32 hexadecimal digits.`);
}
