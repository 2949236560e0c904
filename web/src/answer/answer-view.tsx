import type { Answer } from '../ask/answer.ts';
import { isRunning } from '../ask/answer.ts';
import { FailureView } from '../failure-view.tsx';
import { reconnecting } from '../status/reconnecting.ts';
import { AnswerText } from './answer-text.tsx';
import { CopyLink } from './copy-link.tsx';
import { Tail } from './tail.tsx';
import { XRay } from './xray.tsx';

interface Props {
  answer: Answer;
  /** The region's name. */
  label: string;
  onAskAnew?: (() => void) | undefined;
  /** Others may be given a link to it. */
  linkable: boolean;
}

/** An answer as it is read, whoever asked for it. */
export function AnswerView({ answer, label, onAskAnew, linkable }: Props) {
  const phase = answer.phase.value;
  const failure = answer.failure.value;
  const id = linkable ? idForOthers(answer) : null;
  return (
    <section class="turn-answer" aria-label={label} aria-busy={isRunning(phase)}>
      <Reasoning answer={answer} />
      <AnswerText answer={answer} />
      {phase === 'searching' && <p class="pending">Searching…</p>}
      {phase === 'waiting' && <p class="pending">Waiting for the answer…</p>}
      {phase === 'answering' && reconnecting.value && (
        <p class="pending">Reconnecting… The answer goes on where it stands.</p>
      )}
      {failure && <FailureView failure={failure} onRetry={onAskAnew} />}
      <Tail answer={answer} onAskAnew={onAskAnew} />
      <XRay answer={answer} />
      {id && <CopyLink answer={id} what={label} />}
    </section>
  );
}

/** The answer's id, where an edge has it for others to read. */
function idForOthers({ accepted, failure }: Answer): string | null {
  if (!accepted.value || accepted.value.local || failure.value?.code === 'not_found') return null;
  return accepted.value.answer;
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
