import type { AnswerEvent, ErrorCode, WeirError } from './api.js';

/** A failure as plain data: what the engine's JSON and the worker's messages carry. */
export interface FailureData {
  code: ErrorCode;
  message: string;
  hint: string;
}

/** The class behind the public interface `WeirError`. */
export class Failure extends Error implements WeirError {
  override readonly name = 'WeirError';
  readonly code: ErrorCode;
  readonly hint: string;

  constructor({ code, message, hint }: FailureData, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

export function failure(code: ErrorCode, message: string, hint = '', cause?: unknown): Failure {
  return new Failure({ code, message, hint }, { cause });
}

export const cancelled = (): Failure => failure('cancelled', 'The work was stopped.');

/** Any thrown value as plain data. What is not ours counts as a defect of ours. */
export function failureData(reason: unknown): FailureData {
  if (reason instanceof Failure) {
    return { code: reason.code, message: reason.message, hint: reason.hint };
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return { code: 'internal', message, hint: '' };
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** A failure as the last event of an answer. */
export function errorEvent(reason: unknown): AnswerEvent {
  return { type: 'error', ...failureData(reason), provider: '', retryable: false };
}
