import type { AnswerEvent, ChatRequest, Hit, Message, Pack, Weir } from 'weir';
import { type Signal, computed, effect, signal as signalOf, signal } from '@preact/signals';

import { type Failure, failureOf } from '../failure.ts';
import { chosenHere } from '../packs/choice.ts';
import { pack, packFailure } from '../packs/packs.ts';
import { announce } from '../status/announcer.tsx';
import { weir } from '../weir.ts';
import { counted } from '../words.ts';
import { fail, isRunning, settle } from './answer.ts';
import { conversationId, leaveConversation, showConversation } from './conversation-id.ts';
import { forget, keepNow, keepSoon } from './keeping.ts';
import { nothingSeen, sawSearch } from './seen.ts';
import { type Stage, firstStage, nameOf, newest, takeStaged } from './stage.ts';
import { type Turn, historyOf, newTurn } from './turn.ts';

export const turns = signal<Turn[]>([]);
export const draft = signal('');
/** The next question is to be researched. */
export const research = signal(false);
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

/** `anew`: whatever was answered to the same question before. */
export async function ask(
  question: string,
  researched = research.value,
  anew = false,
): Promise<void> {
  const host = weir.value;
  const asked = pack.value;
  if (!host || !asked || !ready.value) return;
  const history = historyOf(turns.value);
  const turn = begin(host, asked, question, researched);
  const { signal } = stopOf(turn);
  try {
    if (researched) {
      turn.request = { ...requestFor(asked, history, question), research: true };
    } else {
      turn.request = await searchedFor(turn, host, asked, history);
      if (signal.aborted) return settle(turn.answer, 'stopped');
    }
    if (anew) turn.request.no_cache = true;
    keepNow(turn);
    const options = { key: turn.key, signal, ...(researched && { pack: asked }) };
    await read(turn, host.ask(turn.request, options));
  } catch (thrown) {
    if (signal.aborted) return settle(turn.answer, 'stopped');
    fail(turn.answer, failureOf(thrown));
  } finally {
    stops.delete(turn.id);
  }
}

/** The request with what is found for its question, unless that is too long to be searched for. */
async function searchedFor(
  { answer, question }: Turn,
  host: Weir,
  asked: Pack,
  history: Message[],
): Promise<ChatRequest> {
  const request = requestFor(asked, history, question);
  const searched = await host.isSearched(request).catch(() => true);
  answer.searched.value = searched;
  if (searched) {
    const hits = await asked.search(question, { limit: passagesSought });
    answer.hits.value = hits;
    answer.meaning.value = asked.info.embeddings ? hits.meaning : null;
  }
  answer.seen.value = sawSearch(answer.seen.value);
  answer.phase.value = 'waiting';
  announce(`${counted(answer.hits.value.length, 'source', 'sources')} found. Asking.`);
  return searched ? requestFor(asked, history, question, answer.hits.value) : request;
}

/** Goes on with an answer that this page before a reload, or another tab, has asked for. */
export async function goOn(turn: Turn, host: Weir): Promise<void> {
  const { answer, askedAt, request, key } = turn;
  const accepted = answer.accepted.value;
  const { signal } = stopOf(turn);
  if (turn.research) {
    await goOnResearching(turn, host, signal);
  } else if (accepted && !accepted.local) {
    const after = answer.cursor.value;
    await read(turn, host.follow(accepted.answer, { after, key, signal }));
  } else if (request && Date.now() < askedAt + keyKnown) {
    await read(turn, host.ask(request, { key, signal }));
  } else {
    lose(turn);
  }
  stops.delete(turn.id);
}

/**
 * The same research with the same key is the same answers, stage by stage: what was read already
 * stays until it was read again. That needs the repository, which is searched as it was before.
 */
async function goOnResearching(turn: Turn, host: Weir, signal: AbortSignal): Promise<void> {
  const asked = await openedPack(signal);
  if (signal.aborted) return settle(turn.answer, 'stopped');
  const { key, request } = turn;
  if (!asked || !request || Date.now() >= turn.askedAt + keyKnown) return lose(turn);
  const anew = signalOf([firstStage()]);
  await read(turn, host.ask(request, { key, pack: asked, signal }), anew);
}

/** Nothing where the work was stopped, or no repository can be opened. */
async function openedPack(stopped: AbortSignal): Promise<Pack | null> {
  let forget = () => undefined as void;
  const opened = new Promise<Pack | null>((resolve) => {
    stopped.addEventListener('abort', () => resolve(null));
    forget = effect(() => {
      if (pack.value || packFailure.value) resolve(pack.value);
    });
  });
  return opened.finally(forget);
}

function lose(turn: Turn): void {
  fail(turn.answer, lostAnswer);
  keepNow(turn);
}

export function stop(): void {
  for (const turn of turns.value) if (isRunning(turn.answer.phase.value)) stopOf(turn).abort();
}

/** Asks a question again in the place of its turn. */
export function askAnew(turn: Turn): void {
  if (!ready.value) return;
  turns.value = turns.value.filter(({ id }) => id !== turn.id);
  forget(turn);
  void ask(turn.question, turn.research, true);
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

/** What would be sent for a question asked now; without `hits` whoever answers retrieves. */
export function requestFor(
  asked: Pack,
  history: Message[],
  question: string,
  hits?: Hit[],
): ChatRequest {
  const request: ChatRequest = {
    repo_url: asked.info.repository,
    messages: [...history, { role: 'user', content: question }],
  };
  if (!hits) return request;
  const context = hits.map(({ path, start_line, end_line, text }) => ({
    path,
    start_line,
    end_line,
    text,
  }));
  return { ...request, context };
}

function begin(host: Weir, asked: Pack, question: string, researched: boolean): Turn {
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
      research: researched,
    },
    firstStage({ phase: 'searching', seen: nothingSeen(Date.now()) }),
  );
  turns.value = [...turns.value, turn];
  return turn;
}

/** `into`: where it is read anew; what the turn shows then stays until that has come as far. */
async function read(
  turn: Turn,
  events: AsyncIterable<AnswerEvent>,
  into: Signal<Stage[]> = turn.stages,
): Promise<void> {
  for await (const event of events) {
    if (event.type === 'error') into = turn.stages;
    takeStaged(into, event);
    if (event.type !== 'stage' && into.value.length >= turn.stages.value.length) {
      turn.stages.value = into.value;
      into = turn.stages;
    }
    const { answer } = turn;
    if (event.type === 'stage') announceStage(newest(into.value));
    if (event.type === 'accepted' && !turn.research) turn.request = null;
    if (event.type === 'error' && event.code === 'not_found') answer.failure.value = lostAnswer;
    // What was left is kept by nobody, or by another tab.
    if (!turns.value.includes(turn)) continue;
    if (isRunning(answer.phase.value) && event.type !== 'accepted') keepSoon(turn);
    else keepNow(turn);
  }
  if (isRunning(turn.answer.phase.value)) settle(turn.answer, 'done');
}

function announceStage(stage: Stage): void {
  const found = stage.answer.hits.value.length;
  announce(`${nameOf(stage)}: ${counted(found, 'source', 'sources')} found.`);
}

function stopOf({ id }: Turn): AbortController {
  const known = stops.get(id);
  if (known) return known;
  const stop = new AbortController();
  stops.set(id, stop);
  return stop;
}
