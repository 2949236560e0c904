import { isRunning } from '../ask/answer.ts';
import type { Phase } from '../ask/answer.ts';
import { type Stage, nameOf } from '../ask/stage.ts';

interface Props {
  stages: Stage[];
  shown: Stage;
  onShow(stage: Stage): void;
}

const said: Record<Phase, string> = {
  searching: 'searching',
  waiting: 'waiting',
  answering: 'being written',
  done: 'done',
  stopped: 'stopped',
  failed: 'failed',
};

/** The stages of a research: where it is, and the way to each. */
export function Stages({ stages, shown, onShow }: Props) {
  return (
    <nav class="stages" aria-label="Research stages">
      <ol role="list">
        {stages.map((stage) => (
          <li key={stage.turn}>
            <button
              type="button"
              class="stage"
              data-phase={stage.answer.phase.value}
              data-running={isRunning(stage.answer.phase.value)}
              aria-label={`${nameOf(stage)}, ${said[stage.answer.phase.value]}`}
              aria-current={stage === shown ? 'step' : undefined}
              onClick={() => onShow(stage)}
            >
              <span class="stage-mark" aria-hidden="true" />
              {nameOf(stage)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What a stage looked up, where it was not the question itself. */
export function Queries({ queries }: Pick<Stage, 'queries'>) {
  if (queries.length === 0) return null;
  return (
    <p class="stage-queries">
      Looked up:{' '}
      {queries.map((query) => (
        <q key={query}>{query}</q>
      ))}
    </p>
  );
}
