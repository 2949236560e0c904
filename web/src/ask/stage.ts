import type { AnswerEvent, ResearchStage } from 'weir';
import { type Signal, batch } from '@preact/signals';

import { type Answer, type AnswerSoFar, answerSoFar, end, newAnswer, take } from './answer.ts';
import { nothingSeen } from './seen.ts';

/** A part of a turn that is an answer of its own: one for a plain question, several in research. */
export interface Stage {
  readonly stage: ResearchStage;
  /** Its number, from 1. */
  readonly turn: number;
  /** What the stage before asked to look up; empty: the question itself was looked up. */
  readonly queries: string[];
  readonly answer: Answer;
}

/** The same as plain data. */
export interface StageSoFar extends Omit<Stage, 'answer'> {
  answer: AnswerSoFar;
}

type Begun = Extract<AnswerEvent, { type: 'stage' }>;

export function firstStage(read?: Partial<AnswerSoFar>): Stage {
  return { stage: 'plan', turn: 1, queries: [], answer: newAnswer(read) };
}

export function restoredStage({ answer, ...stage }: StageSoFar): Stage {
  return { ...stage, answer: newAnswer(answer) };
}

export function stageSoFar({ answer, ...stage }: Stage): StageSoFar {
  return { ...stage, answer: answerSoFar(answer) };
}

export function nameOf({ stage, turn }: Stage): string {
  if (stage === 'update') return `Update ${turn - 1}`;
  return stage === 'plan' ? 'Plan' : 'Conclusion';
}

/** An event of a turn: it belongs to its newest stage, or begins another. */
export function takeStaged(stages: Signal<Stage[]>, event: AnswerEvent): void {
  batch(() => {
    if (event.type === 'stage') begin(stages, event);
    else take(newest(stages.value).answer, event);
  });
}

export function newest(stages: Stage[]): Stage {
  return stages.at(-1)!;
}

function begin(stages: Signal<Stage[]>, { stage, turn, queries, hits }: Begun): void {
  const seen = nothingSeen(Date.now());
  const answer = newAnswer({
    phase: 'waiting',
    hits: hits ?? [],
    searched: hits !== undefined,
    seen,
  });
  const earlier = stages.value.filter((each) => each.turn < turn);
  for (const each of earlier) end(each.answer, 'done');
  stages.value = [...earlier, { stage, turn, queries, answer }];
}
