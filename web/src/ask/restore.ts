import { linkedAnswer } from '../page/location.ts';
import { weir } from '../weir.ts';
import { isRunning } from './answer.ts';
import { conversationId, showConversation } from './conversation-id.ts';
import { goOn, turns } from './conversation.ts';
import { keeping } from './keeping.ts';
import { type KeptTurn, keptTurns, onKeptElsewhere } from './kept-turns.ts';
import { type Turn, restoredTurn } from './turn.ts';

/** No answer runs longer at an edge (limits::Provider::whole_answer). */
const longestAnswer = 20 * 60 * 1000;

/**
 * Shows what this tab showed before a reload; a new tab shows the conversation whose answer is being
 * read in another, if there is one.
 */
export function restoreConversation(): void {
  const kept = keptTurns();
  const id = conversationId() ?? conversationUnderWay(kept);
  if (id === null) return;
  if (id !== conversationId()) showConversation(id);
  turns.value = kept.filter(({ conversation }) => conversation === id).map(restoredTurn);
  keeping.value = turns.value.length > 0;
}

/** Goes on with answers that were running, and from now on with those that other tabs ask for. */
export function goOnReading(): void {
  for (const turn of turns.value) goOnIfRunning(turn);
  onKeptElsewhere(conversationId, (kept) => {
    if (turns.value.some(({ id }) => id === kept.id)) return;
    const turn = restoredTurn(kept);
    turns.value = [...turns.value, turn];
    goOnIfRunning(turn);
  });
}

function goOnIfRunning(turn: Turn): void {
  if (weir.value && isRunning(turn.answer.phase.value)) void goOn(turn, weir.value);
}

function conversationUnderWay(kept: KeptTurn[]): string | null {
  if (linkedAnswer.value !== null) return null;
  const since = Date.now() - longestAnswer;
  const running = kept.findLast(
    ({ askedAt, stages }) => askedAt > since && isRunning(stages.at(-1)?.answer.phase),
  );
  return running?.conversation ?? null;
}
