import type { ErrorCode, WeirError } from 'weir';

/** What went wrong, as the page tells it. */
export interface Failure {
  code: ErrorCode;
  message: string;
  /** What to do about it; may be empty. */
  hint: string;
  retryable: boolean;
  /** How long the provider asks to wait. */
  retryAfterMs?: number;
}

/** Whatever was thrown, made tellable. What `weir` throws has a code, a sentence and a hint. */
export function failureOf(thrown: unknown): Failure {
  if (isWeirError(thrown)) {
    return { code: thrown.code, message: thrown.message, hint: thrown.hint, retryable: true };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, hint: '', retryable: true };
}

export function isCancelled(thrown: unknown): boolean {
  if (isWeirError(thrown)) return thrown.code === 'cancelled';
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

function isWeirError(thrown: unknown): thrown is WeirError {
  return thrown instanceof Error && 'code' in thrown && 'hint' in thrown;
}
