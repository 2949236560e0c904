import { useEffect, useRef } from 'preact/hooks';

import { type Turn, retry } from '../ask/conversation.ts';
import { FailureView } from '../failure-view.tsx';
import { Sources } from '../sources/sources.tsx';
import { AnswerText } from './answer-text.tsx';
import { Tail } from './tail.tsx';

interface Props {
  turn: Turn;
  /** Counted from 1. */
  place: number;
  last: boolean;
}

/** One question: its sources and its answer. */
export function TurnView({ turn, place, last }: Props) {
  const article = useRef<HTMLElement>(null);
  useEffect(() => article.current?.scrollIntoView({ block: 'start' }), []);
  const phase = turn.phase.value;
  const running = phase !== 'done' && phase !== 'stopped' && phase !== 'failed';
  const heading = `question-${turn.id}`;
  return (
    <article class="turn" data-last={last} ref={article} aria-labelledby={heading}>
      <h2 class="turn-question" id={heading}>
        {turn.question}
      </h2>
      <Sources turn={turn} label={last ? 'Sources' : `Sources of question ${place}`} />
      <section
        class="turn-answer"
        aria-label={last ? 'Answer' : `Answer to question ${place}`}
        aria-busy={running}
      >
        <Reasoning turn={turn} />
        <AnswerText turn={turn} />
        {phase === 'searching' && <p class="pending">Searching…</p>}
        {phase === 'waiting' && <p class="pending">Waiting for the answer…</p>}
        {turn.failure.value && (
          <FailureView
            failure={turn.failure.value}
            onRetry={last ? () => retry(turn) : undefined}
          />
        )}
        <Tail turn={turn} />
      </section>
    </article>
  );
}

function Reasoning({ turn }: { turn: Turn }) {
  if (!turn.reasoning.value) return null;
  return (
    <details class="reasoning">
      <summary>Reasoning</summary>
      <p>{turn.reasoning}</p>
    </details>
  );
}
