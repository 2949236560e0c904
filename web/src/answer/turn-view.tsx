import { useEffect, useRef } from 'preact/hooks';

import { ready, retry } from '../ask/conversation.ts';
import type { Turn } from '../ask/turn.ts';
import { Sources } from '../sources/sources.tsx';
import { AnswerView } from './answer-view.tsx';

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
  const heading = `question-${turn.id}`;
  return (
    <article class="turn" data-last={last} ref={article} aria-labelledby={heading}>
      <h2 class="turn-question" id={heading}>
        {turn.question}
      </h2>
      <Sources answer={turn.answer} label={last ? 'Sources' : `Sources of question ${place}`} />
      <AnswerView
        answer={turn.answer}
        label={last ? 'Answer' : `Answer to question ${place}`}
        onRetry={last && ready.value ? () => retry(turn) : undefined}
        shared={false}
      />
    </article>
  );
}
