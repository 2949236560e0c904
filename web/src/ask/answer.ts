import type { AnswerEvent, Hit, Meaning, PassageRef } from 'weir';
import { type Signal, signal } from '@preact/signals';

import type { Failure } from '../failure.ts';
import { type Seen, nothingSeen, sawText } from './seen.ts';
import { announce } from '../status/announcer.tsx';

export type Accepted = Extract<AnswerEvent, { type: 'accepted' }>;
type Usage = Extract<AnswerEvent, { type: 'usage' }>;
type Done = Extract<AnswerEvent, { type: 'done' }>;

export type Phase = 'searching' | 'waiting' | 'answering' | 'done' | 'stopped' | 'failed';

/** What has been read of an answer, as plain data. */
export interface AnswerSoFar {
  phase: Phase;
  /** Of the last event that was taken: reading goes on after it. */
  cursor: number;
  hits: Hit[];
  /** By what they were compared in meaning; null where the pack has no embeddings. */
  meaning: Meaning | null;
  /** False where it was left to the edge to search, or nothing was searched. */
  searched: boolean;
  accepted: Accepted | null;
  text: string;
  reasoning: string;
  /** What happened on the way, in plain words. */
  notes: string[];
  usage: Usage | null;
  finishReason: string;
  seen: Seen;
  /** The edge's own account, once the answer is whole. */
  timing: Done['timing'] | null;
  cost: Done['price'] | null;
  failure: Failure | null;
}

/** The same, painted as it grows. */
export type Answer = { readonly [Member in keyof AnswerSoFar]: Signal<AnswerSoFar[Member]> };

const nothingYet: AnswerSoFar = {
  phase: 'waiting',
  cursor: 0,
  hits: [],
  meaning: null,
  searched: true,
  accepted: null,
  text: '',
  reasoning: '',
  notes: [],
  usage: null,
  finishReason: '',
  seen: nothingSeen(null),
  timing: null,
  cost: null,
  failure: null,
};

export function newAnswer(read: Partial<AnswerSoFar> = {}): Answer {
  const members = Object.entries({ ...nothingYet, ...read });
  return Object.fromEntries(
    members.map(([name, value]) => [name, signal(value)]),
  ) as unknown as Answer;
}

export function answerSoFar(answer: Answer): AnswerSoFar {
  const members = Object.entries(answer) as [string, Signal][];
  return Object.fromEntries(
    members.map(([name, { value }]) => [name, value]),
  ) as unknown as AnswerSoFar;
}

export function isRunning(phase: Phase | undefined): boolean {
  return phase === 'searching' || phase === 'waiting' || phase === 'answering';
}

/** Where citation [n] leads: the n-th of the passages that the prompt kept. */
export function citedBy({ accepted }: Answer): PassageRef[] {
  return accepted.value?.kept ?? [];
}

export function take(answer: Answer, event: AnswerEvent): void {
  answer.cursor.value = event.cursor ?? answer.cursor.value;
  switch (event.type) {
    case 'accepted':
      answer.accepted.value = event;
      break;
    case 'queued':
      note(answer, `Waiting for a turn: place ${event.position}.`);
      break;
    case 'notice':
      note(answer, event.message);
      takeSwitch(answer, event);
      break;
    case 'reasoning':
      answer.phase.value = 'answering';
      answer.reasoning.value += event.text;
      break;
    case 'delta':
      answer.phase.value = 'answering';
      answer.text.value += event.text;
      answer.seen.value = sawText(answer.seen.value);
      break;
    case 'tool_call':
      note(answer, `The model asked for the tool ${event.name}, which this page does not run.`);
      break;
    case 'usage':
      answer.usage.value = event;
      break;
    case 'gap':
      answer.cursor.value = event.kept_from - 1;
      note(answer, 'A part of the answer is no longer kept: some text is missing here.');
      break;
    case 'done':
      answer.finishReason.value = event.finish_reason;
      answer.timing.value = event.timing ?? null;
      answer.cost.value = event.price ?? null;
      settle(answer, 'done');
      break;
    case 'error':
      takeError(answer, event);
      break;
  }
}

/** The answer is signed by whoever gives it. */
function takeSwitch(answer: Answer, event: Extract<AnswerEvent, { type: 'notice' }>): void {
  const accepted = answer.accepted.value;
  if (!accepted || !event.provider || !event.model) return;
  answer.accepted.value = { ...accepted, provider: event.provider, model: event.model };
}

function takeError(answer: Answer, event: Extract<AnswerEvent, { type: 'error' }>): void {
  const { code, message, hint, retryable, retry_after_ms } = event;
  if (code === 'cancelled') {
    // The edge says `retryable` where nobody meant to stop it: it had no readers for a while.
    if (retryable) note(answer, message);
    return settle(answer, 'stopped');
  }
  const wait = retry_after_ms === undefined ? {} : { retryAfterMs: retry_after_ms };
  fail(answer, { code, message, hint, retryable, ...wait });
}

export function fail(answer: Answer, failure: Failure): void {
  answer.failure.value = failure;
  settle(answer, 'failed');
}

type End = 'done' | 'stopped' | 'failed';

/** Without a word: for an answer that others follow. */
export function end(answer: Answer, phase: End): void {
  answer.phase.value = phase;
}

export function settle(answer: Answer, phase: End): void {
  end(answer, phase);
  const said = { done: 'The answer is complete.', stopped: 'Stopped.', failed: '' };
  announce(said[phase]);
}

function note(answer: Answer, text: string): void {
  answer.notes.value = [...answer.notes.value, text];
}
