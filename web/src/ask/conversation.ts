import type { AnswerEvent, ChatRequest, Hit, Message, Pack, PassageRef } from 'weir';
import { type Signal, computed, signal } from '@preact/signals';

import { type Failure, failureOf } from '../failure.ts';
import { pack } from '../packs/packs.ts';
import { announce } from '../status/announcer.tsx';
import { weir } from '../weir.ts';
import { counted } from '../words.ts';

export type Accepted = Extract<AnswerEvent, { type: 'accepted' }>;
type Usage = Extract<AnswerEvent, { type: 'usage' }>;

export type Phase = 'searching' | 'waiting' | 'answering' | 'done' | 'stopped' | 'failed';

/** A question and all that came of it. */
export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly phase: Signal<Phase>;
  readonly hits: Signal<Hit[]>;
  readonly accepted: Signal<Accepted | null>;
  readonly text: Signal<string>;
  readonly reasoning: Signal<string>;
  /** What happened on the way, in plain words. */
  readonly notes: Signal<string[]>;
  readonly usage: Signal<Usage | null>;
  readonly finishReason: Signal<string>;
  readonly failure: Signal<Failure | null>;
}

export const turns = signal<Turn[]>([]);
export const draft = signal('');
export const lastTurn = computed(() => turns.value.at(-1) ?? null);
export const busy = computed(() => isRunning(lastTurn.value?.phase.value));

/** How many passages are sought for a question. */
const passagesSought = 12;

let running: AbortController | null = null;
let lastId = 0;

export async function ask(question: string): Promise<void> {
  const host = weir.value;
  const asked = pack.value;
  if (!host || !asked || busy.value) return;
  const turn = newTurn(question);
  const history = historyOf(turns.value);
  const abort = new AbortController();
  running = abort;
  turns.value = [...turns.value, turn];
  try {
    turn.hits.value = await asked.search(question, { limit: passagesSought });
    if (abort.signal.aborted) return settle(turn, 'stopped');
    turn.phase.value = 'waiting';
    announce(`${counted(turn.hits.value.length, 'source', 'sources')} found. Asking.`);
    const request = requestFor(asked, history, question, turn.hits.value);
    for await (const event of host.ask(request, { signal: abort.signal })) take(turn, event);
    if (isRunning(turn.phase.value)) settle(turn, abort.signal.aborted ? 'stopped' : 'done');
  } catch (thrown) {
    if (abort.signal.aborted) return settle(turn, 'stopped');
    turn.failure.value = failureOf(thrown);
    settle(turn, 'failed');
  }
}

export function stop(): void {
  running?.abort();
}

/** Asks a question again in the place of the turn that failed. */
export function retry(turn: Turn): void {
  if (busy.value) return;
  turns.value = turns.value.filter(({ id }) => id !== turn.id);
  void ask(turn.question);
}

export function newConversation(): void {
  stop();
  running = null;
  turns.value = [];
}

/** What would be sent for a question asked now. */
export function requestFor(
  asked: Pack,
  history: Message[],
  question: string,
  hits: Hit[],
): ChatRequest {
  return {
    repo_url: asked.info.repository,
    messages: [...history, { role: 'user', content: question }],
    context: hits.map(({ path, start_line, end_line, text }) => ({
      path,
      start_line,
      end_line,
      text,
    })),
  };
}

/** The conversation so far; questions that got no answer are left out. */
export function historyOf(earlier: Turn[]): Message[] {
  return earlier
    .filter(({ text }) => text.peek() !== '')
    .flatMap(({ question, text }): Message[] => [
      { role: 'user', content: question },
      { role: 'assistant', content: text.peek() },
    ]);
}

/** Where citation [n] leads: the n-th of the passages that the prompt kept. */
export function citedBy({ accepted }: Turn): PassageRef[] {
  return accepted.value?.kept ?? [];
}

function take(turn: Turn, event: AnswerEvent): void {
  switch (event.type) {
    case 'accepted':
      turn.accepted.value = event;
      break;
    case 'queued':
      note(turn, `Waiting for a turn: place ${event.position}.`);
      break;
    case 'notice':
      note(turn, event.message);
      break;
    case 'reasoning':
      turn.phase.value = 'answering';
      turn.reasoning.value += event.text;
      break;
    case 'delta':
      turn.phase.value = 'answering';
      turn.text.value += event.text;
      break;
    case 'tool_call':
      note(turn, `The model asked for the tool ${event.name}, which this page does not run.`);
      break;
    case 'usage':
      turn.usage.value = event;
      break;
    case 'gap':
      note(turn, 'A part of the answer is no longer kept: some text is missing here.');
      break;
    case 'done':
      turn.finishReason.value = event.finish_reason;
      settle(turn, 'done');
      break;
    case 'error':
      takeError(turn, event);
      break;
  }
}

function takeError(turn: Turn, event: Extract<AnswerEvent, { type: 'error' }>): void {
  if (event.code === 'cancelled') return settle(turn, 'stopped');
  const { code, message, hint, retryable, retry_after_ms } = event;
  turn.failure.value = {
    code,
    message,
    hint,
    retryable,
    ...(retry_after_ms === undefined ? {} : { retryAfterMs: retry_after_ms }),
  };
  settle(turn, 'failed');
}

function settle(turn: Turn, phase: 'done' | 'stopped' | 'failed'): void {
  turn.phase.value = phase;
  const said = { done: 'The answer is complete.', stopped: 'Stopped.', failed: '' };
  announce(said[phase]);
}

function note(turn: Turn, text: string): void {
  turn.notes.value = [...turn.notes.value, text];
}

function newTurn(question: string): Turn {
  return {
    id: ++lastId,
    question,
    phase: signal<Phase>('searching'),
    hits: signal<Hit[]>([]),
    accepted: signal<Accepted | null>(null),
    text: signal(''),
    reasoning: signal(''),
    notes: signal<string[]>([]),
    usage: signal<Usage | null>(null),
    finishReason: signal(''),
    failure: signal<Failure | null>(null),
  };
}

function isRunning(phase: Phase | undefined): boolean {
  return phase === 'searching' || phase === 'waiting' || phase === 'answering';
}
