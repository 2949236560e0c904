// What the page keeps of conversations, against a storage of the test's own.
import { expect, test } from '@playwright/test';

import type { KeptTurn } from '../../web/src/ask/kept-turns.ts';

type KeptTurns = typeof import('../../web/src/ask/kept-turns.ts');

/** As much of the browser's as is used; entries are its own properties, as there. */
class FakeStorage {
  static room = Infinity;
  getItem(name: string): string | null {
    return Object.hasOwn(this, name) ? (this as never)[name] : null;
  }
  setItem(name: string, text: string): void {
    const others = Object.entries(this).filter(([other]) => other !== name);
    const used = others.reduce((sum, [, value]) => sum + value.length, 0);
    if (used + text.length > FakeStorage.room) throw new DOMException('', 'QuotaExceededError');
    Object.assign(this, { [name]: text });
  }
  removeItem(name: string): void {
    delete (this as Record<string, unknown>)[name];
  }
}

let turns: KeptTurns;

test.beforeAll(async () => {
  Object.assign(globalThis, { document: { baseURI: 'https://example.org/weir/' } });
  turns = await import('../../web/src/ask/kept-turns.ts');
});

test.beforeEach(() => {
  FakeStorage.room = Infinity;
  Object.assign(globalThis, { localStorage: new FakeStorage() });
});

let lastId = 0;

function turn(text: string, askedAt = Date.now()): KeptTurn {
  const told = { repository: 'r', choice: null, question: 'q', request: null, key: 'k' };
  const id = `${(lastId += 1)}`;
  return { id, conversation: 'c', askedAt, ...told, research: false, stages: stages(text) };
}

function stages(text: string): KeptTurn['stages'] {
  const answer = { text, phase: 'answering' } as KeptTurn['stages'][0]['answer'];
  return [{ stage: 'plan', turn: 1, queries: [], answer }];
}

const texts = () => turns.keptTurns().map((kept) => kept.stages[0]?.answer.text ?? '');

test('Turns come back in the order in which they were asked, as they were last written', () => {
  const now = Date.now();
  const later = turn('later', now);
  expect(turns.keepTurn(later)).toBe(true);
  turns.keepTurn(turn('earlier', now - 5));
  turns.keepTurn({ ...later, stages: stages('later, grown') });
  expect(texts()).toEqual(['earlier', 'later, grown']);
  turns.dropTurn(later);
  expect(texts()).toEqual(['earlier']);
});

test('What is older than a day is gone', () => {
  const day = 24 * 60 * 60 * 1000;
  turns.keepTurn(turn('old', Date.now() - day - 1000));
  turns.keepTurn(turn('young', Date.now() - day + 60_000));
  expect(texts()).toEqual(['young']);
  expect(Object.keys(localStorage)).toHaveLength(1);
});

test('The oldest turns make room: for number, for size, and for what the browser allows', () => {
  const from = Date.now() - 100;
  for (let at = 0; at < 60; at += 1) turns.keepTurn(turn(`${at}`, from + at));
  expect(texts()).toHaveLength(50);
  expect(texts()[0]).toBe('10');

  expect(turns.keepTurn(turn('x'.repeat(1_500_000)))).toBe(true);
  expect(turns.keepTurn(turn('y'.repeat(1_500_000), Date.now() + 1))).toBe(true);
  expect(texts().map((text) => text[0])).toEqual(['y']);

  FakeStorage.room = 1_600_000;
  expect(turns.keepTurn(turn('z'.repeat(500_000), Date.now() + 2))).toBe(true);
  expect(texts().map((text) => text[0])).toEqual(['z']);
});

test('A turn that finds no room stays as it was last kept', () => {
  const growing = turn('small');
  turns.keepTurn(growing);
  const grown = { ...growing, stages: stages('x'.repeat(2_000_000)) };
  expect(turns.keepTurn(grown)).toBe(false);
  expect(texts()).toEqual(['small']);
});

test('Entries of other pages and of no use are passed over', () => {
  turns.keepTurn(turn('mine'));
  const [mine = ''] = Object.keys(localStorage);
  localStorage.setItem(mine.replace('/weir/', '/other/'), localStorage.getItem(mine) ?? '');
  localStorage.setItem(`${mine}-torn`, '{"id": "to');
  localStorage.setItem('weir.choice', 'a pack');
  expect(texts()).toEqual(['mine']);
});
