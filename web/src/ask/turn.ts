import type { Message } from 'weir';

import { type Answer, type AnswerSoFar, answerSoFar, newAnswer } from './answer.ts';
import type { KeptTurn } from './kept-turns.ts';

/** A question and all that came of it. */
export interface Turn extends Omit<KeptTurn, 'answer'> {
  readonly answer: Answer;
}

export function newTurn(asked: Omit<KeptTurn, 'answer'>, read?: Partial<AnswerSoFar>): Turn {
  return { ...asked, answer: newAnswer(read) };
}

export function keptForm(turn: Turn): KeptTurn {
  return { ...turn, answer: answerSoFar(turn.answer) };
}

/** The conversation so far; questions that got no answer are left out. */
export function historyOf(earlier: Turn[]): Message[] {
  return earlier
    .map(({ question, answer }) => ({ question, text: answer.text.peek() }))
    .filter(({ text }) => text !== '')
    .flatMap(({ question, text }): Message[] => [
      { role: 'user', content: question },
      { role: 'assistant', content: text },
    ]);
}
