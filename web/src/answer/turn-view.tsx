import { useEffect, useRef, useState } from 'preact/hooks';

import { askAnew, ready } from '../ask/conversation.ts';
import { newest } from '../ask/stage.ts';
import type { Turn } from '../ask/turn.ts';
import { Sources } from '../sources/sources.tsx';
import { AnswerView } from './answer-view.tsx';
import { Queries, Stages } from './stages.tsx';

interface Props {
  turn: Turn;
  /** Counted from 1. */
  place: number;
  last: boolean;
}

/** One question: its sources and its answer; in research, those of one of its stages. */
export function TurnView({ turn, place, last }: Props) {
  const article = useRef<HTMLElement>(null);
  useEffect(() => article.current?.scrollIntoView({ block: 'start' }), []);
  const [chosen, choose] = useState<number | null>(null);
  const stages = turn.stages.value;
  const shown = stages.find((stage) => stage.turn === chosen) ?? newest(stages);
  const heading = `question-${turn.id}`;
  return (
    <article class="turn" data-last={last} ref={article} aria-labelledby={heading}>
      <h2 class="turn-question" id={heading}>
        {turn.question}
      </h2>
      {turn.research && (
        <div class="turn-stages">
          <Stages
            stages={stages}
            shown={shown}
            onShow={(stage) => choose(stage === newest(stages) ? null : stage.turn)}
          />
          <Queries queries={shown.queries} />
        </div>
      )}
      <Sources answer={shown.answer} label={last ? 'Sources' : `Sources of question ${place}`} />
      <AnswerView
        key={shown.turn}
        answer={shown.answer}
        label={last ? 'Answer' : `Answer to question ${place}`}
        onAskAnew={last && ready.value ? () => askAnew(turn) : undefined}
        linkable={!turn.research || shown.stage === 'conclusion'}
      />
    </article>
  );
}
