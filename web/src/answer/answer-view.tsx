import type { Answer } from '../ask/answer.ts';
import { isRunning } from '../ask/answer.ts';
import { FailureView } from '../failure-view.tsx';
import { reconnecting } from '../status/reconnecting.ts';
import { AnswerText } from './answer-text.tsx';
import { Tail } from './tail.tsx';

interface Props {
  answer: Answer;
  /** The region's name. */
  label: string;
  onRetry?: (() => void) | undefined;
}

/** An answer as it is read, whoever asked for it. */
export function AnswerView({ answer, label, onRetry }: Props) {
  const phase = answer.phase.value;
  const failure = answer.failure.value;
  return (
    <section class="turn-answer" aria-label={label} aria-busy={isRunning(phase)}>
      <Reasoning answer={answer} />
      <AnswerText answer={answer} />
      {phase === 'searching' && <p class="pending">Searching…</p>}
      {phase === 'waiting' && <p class="pending">Waiting for the answer…</p>}
      {phase === 'answering' && reconnecting.value && (
        <p class="pending">Reconnecting… The answer goes on where it stands.</p>
      )}
      {failure && <FailureView failure={failure} onRetry={onRetry} />}
      <Tail answer={answer} />
    </section>
  );
}

function Reasoning({ answer }: { answer: Answer }) {
  if (!answer.reasoning.value) return null;
  return (
    <details class="reasoning">
      <summary>Reasoning</summary>
      <p>{answer.reasoning}</p>
    </details>
  );
}
