import { CodeForm } from './access/code-form.tsx';
import type { Failure } from './failure.ts';

interface Props {
  failure: Failure;
  onRetry?: (() => void) | undefined;
}

export function FailureView({ failure, onRetry }: Props) {
  const wantsCode = failure.code === 'unauthorized' && onRetry;
  const seconds = Math.ceil((failure.retryAfterMs ?? 0) / 1000);
  return (
    <div class="failure" role="alert">
      <p class="failure-message">{failure.message}</p>
      {failure.hint && <p>{failure.hint}</p>}
      {seconds > 0 && <p>It asks to wait {seconds === 1 ? 'a second' : `${seconds} seconds`}.</p>}
      {wantsCode && <CodeForm onGiven={onRetry} />}
      {failure.retryable && onRetry && !wantsCode && (
        <button type="button" onClick={onRetry}>
          {failure.code === 'not_found' ? 'Ask again' : 'Try again'}
        </button>
      )}
    </div>
  );
}
