import type { ChatRequest, DroppedPassage, PassageRef } from 'weir';
import { computed, effect, signal } from '@preact/signals';

import { pack } from '../packs/packs.ts';
import { providers } from '../status/connection.ts';
import { weir } from '../weir.ts';
import { draft, lastTurn, requestFor, research, turns } from './conversation.ts';
import { historyOf } from './turn.ts';

/** What a prompt holds: a plan of ours, or what the edge said it sent. */
interface Prompt {
  model: string;
  prompt_tokens: number;
  context_tokens: number;
  exact: boolean;
  kept: PassageRef[];
  dropped: DroppedPassage[];
}

export interface Meter {
  tokens: number;
  allowed: number;
  exact: boolean;
  /** By so much an estimate may be off, as far as that is known. */
  error?: number | undefined;
  model: string;
  /** Passages in the prompt, and those for which there was no room. */
  kept: number;
  dropped: number;
}

/** How long typing must pause before the prompt is counted. */
const typingPause = 200;

/** The next prompt while one is being written; otherwise null. */
const planned = signal<Prompt | null>(null);

export const meter = computed((): Meter | null => {
  const prompt = planned.value ?? lastTurn.value?.answer.accepted.value;
  if (prompt) {
    return {
      tokens: prompt.prompt_tokens,
      allowed: prompt.context_tokens,
      exact: prompt.exact,
      error: errorOf(prompt.model),
      model: prompt.model,
      kept: prompt.kept.length,
      dropped: prompt.dropped.length,
    };
  }
  return emptyMeter();
});

function errorOf(model: string): number | undefined {
  const models = providers.value?.providers.flatMap((provider) => provider.models);
  return models?.find(({ id }) => id === model)?.error_percent;
}

function emptyMeter(): Meter | null {
  const known = providers.value;
  const chosen = known?.providers.find(({ name }) => name === known.default.provider);
  const model = chosen?.models.find(({ id }) => id === known?.default.model);
  if (!model) return null;
  return {
    tokens: 0,
    allowed: model.context_tokens,
    exact: model.exact,
    error: model.error_percent,
    model: model.id,
    kept: 0,
    dropped: 0,
  };
}

/** Counts the prompt as it is written, and again with the passages that a search found. */
export function keepMeterTrue(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  const count = async (request: ChatRequest) => {
    const mine = ++latest;
    const plan = await weir.peek()?.plan(request);
    if (mine === latest && plan) planned.value = plan;
  };
  const forget = () => {
    latest++;
    planned.value = null;
  };

  effect(() => {
    clearTimeout(timer);
    const question = draft.value.trim();
    const asked = pack.value;
    if (!asked) return forget();
    if (question) {
      const request = {
        ...requestFor(asked, historyOf(turns.value), question, []),
        ...(research.value && { research: true }),
      };
      timer = setTimeout(() => void count(request).catch(forget), typingPause);
      return;
    }
    const turn = lastTurn.value;
    if (!turn || turn.research) return forget();
    if (turn.answer.accepted.value || turn.answer.hits.value.length === 0) return forget();
    const history = historyOf(turns.value.slice(0, -1));
    const hits = turn.answer.hits.value;
    void count(requestFor(asked, history, turn.question, hits)).catch(forget);
  });
}
