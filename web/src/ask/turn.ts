import type { Message } from 'weir';
import { type Signal, signal } from '@preact/signals';

import type { Answer } from './answer.ts';
import type { KeptTurn } from './kept-turns.ts';
import { type Stage, newest, restoredStage, stageSoFar } from './stage.ts';

/** A question and all that came of it. */
export interface Turn extends Omit<KeptTurn, 'stages'> {
  /** At least one. */
  readonly stages: Signal<Stage[]>;
  /** The newest stage's. */
  readonly answer: Answer;
}

export function newTurn(asked: Omit<KeptTurn, 'stages'>, first: Stage): Turn {
  return withStages(asked, [first]);
}

export function restoredTurn({ stages, ...asked }: KeptTurn): Turn {
  return withStages(asked, stages.map(restoredStage));
}

export function keptForm({ stages, answer: _, ...asked }: Turn): KeptTurn {
  return { ...asked, stages: stages.value.map(stageSoFar) };
}

function withStages(asked: Omit<KeptTurn, 'stages'>, list: Stage[]): Turn {
  const stages = signal(list);
  return {
    ...asked,
    stages,
    get answer() {
      return newest(stages.value).answer;
    },
  };
}

/** The conversation so far; questions that got no answer are left out. */
export function historyOf(earlier: Turn[]): Message[] {
  return earlier
    .map(({ question, stages }) => ({ question, text: lastText(stages.peek()) }))
    .filter(({ text }) => text !== '')
    .flatMap(({ question, text }): Message[] => [
      { role: 'user', content: question },
      { role: 'assistant', content: text },
    ]);
}

/** Of a research that was stopped, the last stage that said something. */
function lastText(stages: Stage[]): string {
  return stages.map(({ answer }) => answer.text.peek()).findLast((text) => text !== '') ?? '';
}
