import type { AnswerEvent, ChatRequest, Hit, Message, Pack, Weir } from 'weir';
import { computed, signal } from '@preact/signals';

import { type Failure, failureOf } from '../failure.ts';
import { chosenHere } from '../packs/choice.ts';
import { pack } from '../packs/packs.ts';
import { announce } from '../status/announcer.tsx';
import { weir } from '../weir.ts';
import { counted } from '../words.ts';
import { fail, isRunning, settle, take } from './answer.ts';
import { conversationId, leaveConversation, showConversation } from './conversation-id.ts';
import { forget, keepNow, keepSoon } from './keeping.ts';
import { type Turn, historyOf, newTurn } from './turn.ts';

export const turns = signal<Turn[]>([]);
export const draft = signal('');
export const lastTurn = computed(() => turns.value.at(-1) ?? null);
export const busy = computed(() => turns.value.some(({ answer }) => isRunning(answer.phase.value)));
/** A question can be asked now. */
export const ready = computed(() => weir.value !== null && pack.value !== null && !busy.value);

/** How many passages are sought for a question. */
const passagesSought = 12;

/** For so long an edge knows a key for certain; later, asking again with it might run anew. */
const keyKnown = 10 * 60 * 1000;

const lostAnswer: Failure = {
  code: 'not_found',
  message: 'The edge no longer has this answer: it was restarted, or has let the answer go.',
  hint:
    'What you have read stays here. Asking again runs the model once more, which may be billed a ' +
    'second time.',
  retryable: true,
};

/** Of turns that run, by id. */
const stops = new Map<string, AbortController>();

export async function ask(question: string): Promise<void> {
  const host = weir.value;
  const asked = pack.value;
  if (!host || !asked || !ready.value) return;
  const history = historyOf(turns.value);
  const turn = begin(host, asked, question);
  const { answer } = turn;
  const { signal } = stopOf(turn);
  try {
    answer.hits.value = await asked.search(question, { limit: passagesSought });
    if (signal.aborted) return settle(answer, 'stopped');
    answer.phase.value = 'waiting';
    announce(`${counted(answer.hits.value.length, 'source', 'sources')} found. Asking.`);
    turn.request = requestFor(asked, history, question, answer.hits.value);
    keepNow(turn);
    await read(turn, host.ask(turn.request, { key: turn.key, signal }));
  } catch (thrown) {
    if (signal.aborted) return settle(answer, 'stopped');
    fail(answer, failureOf(thrown));
  } finally {
    stops.delete(turn.id);
  }
}

/** Goes on with an answer that this page before a reload, or another tab, has asked for. */
export async function goOn(turn: Turn, host: Weir): Promise<void> {
  const { answer, askedAt, request, key } = turn;
  const accepted = answer.accepted.value;
  const { signal } = stopOf(turn);
  if (accepted && !accepted.local) {
    const after = answer.cursor.value;
    await read(turn, host.follow(accepted.answer, { after, key, signal }));
  } else if (request && Date.now() < askedAt + keyKnown) {
    await read(turn, host.ask(request, { key, signal }));
  } else {
    fail(answer, lostAnswer);
    keepNow(turn);
  }
  stops.delete(turn.id);
}

export function stop(): void {
  for (const turn of turns.value) if (isRunning(turn.answer.phase.value)) stopOf(turn).abort();
}

/** Asks a question again in the place of the turn that failed. */
export function retry(turn: Turn): void {
  if (!ready.value) return;
  turns.value = turns.value.filter(({ id }) => id !== turn.id);
  forget(turn);
  void ask(turn.question);
}

/** What another tab shows as well is left to it; else it is stopped, and kept no longer. */
export function newConversation(): void {
  const left = turns.value;
  turns.value = [];
  void leaveConversation().then((shownElsewhere) => {
    if (shownElsewhere) return;
    for (const turn of left) {
      stops.get(turn.id)?.abort();
      forget(turn);
    }
  });
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

function begin(host: Weir, asked: Pack, question: string): Turn {
  const conversation = conversationId() ?? host.newKey();
  if (conversationId() === null) showConversation(conversation);
  const turn = newTurn(
    {
      id: host.newKey(),
      conversation,
      askedAt: Date.now(),
      key: host.newKey(),
      repository: asked.info.repository,
      choice: chosenHere(),
      question,
      request: null,
    },
    { phase: 'searching' },
  );
  turns.value = [...turns.value, turn];
  return turn;
}

async function read(turn: Turn, events: AsyncIterable<AnswerEvent>): Promise<void> {
  const { answer } = turn;
  for await (const event of events) {
    take(answer, event);
    if (event.type === 'accepted') turn.request = null;
    if (event.type === 'error' && event.code === 'not_found') answer.failure.value = lostAnswer;
    // What was left is kept by nobody, or by another tab.
    if (!turns.value.includes(turn)) continue;
    if (isRunning(answer.phase.value) && event.type !== 'accepted') keepSoon(turn);
    else keepNow(turn);
  }
  if (isRunning(answer.phase.value)) settle(answer, 'done');
}

function stopOf({ id }: Turn): AbortController {
  const known = stops.get(id);
  if (known) return known;
  const stop = new AbortController();
  stops.set(id, stop);
  return stop;
}
