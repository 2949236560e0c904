import type { Answer } from '../ask/answer.ts';
import { count } from '../words.ts';

const unusualEnds: Record<string, string> = {
  length: 'The answer ends here because it reached the model’s limit.',
  content_filter: 'The provider’s content filter ended the answer.',
};

interface Props {
  answer: Answer;
  onAskAnew?: (() => void) | undefined;
}

/** What there is to say about an answer beside its text. */
export function Tail({ answer, onAskAnew }: Props) {
  const ended = unusualEnds[answer.finishReason.value];
  return (
    <div class="tail">
      {answer.notes.value.map((note, index) => (
        <p key={index}>{note}</p>
      ))}
      {ended && <p>{ended}</p>}
      {answer.phase.value === 'stopped' && <p class="stopped">Stopped.</p>}
      {answer.accepted.value?.reused === 'ended' && (
        <p>
          The same was asked before: this is the answer that was given then.{' '}
          {onAskAnew && (
            <button type="button" class="quiet" onClick={onAskAnew}>
              Ask anew
            </button>
          )}
        </p>
      )}
      <Origin answer={answer} />
    </div>
  );
}

function Origin({ answer }: { answer: Answer }) {
  const accepted = answer.accepted.value;
  if (!accepted) return null;
  const usage = answer.usage.value;
  const dropped = accepted.dropped_messages;
  return (
    <p class="origin">
      {accepted.provider === 'extract'
        ? 'An extract: composed from the sources, without a model'
        : `${accepted.provider} · ${accepted.model}`}
      {usage && ` · ${count(usage.prompt)} tokens in, ${count(usage.completion)} out`}
      {dropped > 0 && ` · ${count(dropped)} earlier messages left out`}
    </p>
  );
}
