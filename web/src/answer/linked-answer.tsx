import { linked } from '../ask/linked.ts';
import { Sources } from '../sources/sources.tsx';
import { AnswerView } from './answer-view.tsx';

/** Someone's answer, opened by a link: to be read, and no more. */
export function LinkedAnswer() {
  const answer = linked.value;
  const cites = (answer?.accepted.value?.kept.length ?? 0) > 0;
  return (
    <article class="turn" data-last="true" aria-labelledby="linked-answer">
      <header class="linked-header">
        <h2 class="turn-question" id="linked-answer">
          A shared answer
        </h2>
        <p>
          You read it through a link: read-only, and without the question, which the link does not
          hold. The edge keeps the answer until 10 minutes after its end.
        </p>
      </header>
      {answer && cites && <Sources answer={answer} label="Sources" />}
      {answer && <AnswerView answer={answer} label="Answer" linkable={false} />}
    </article>
  );
}
