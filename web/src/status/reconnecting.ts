import { computed } from '@preact/signals';

import { isRunning } from '../ask/answer.ts';
import { turns } from '../ask/conversation.ts';
import { linked } from '../ask/linked.ts';
import { connection } from './connection.ts';

/** An answer is under way at the edge, and nothing connects this page to it just now. */
export const reconnecting = computed(() => {
  if (connection.value !== 'connecting' && connection.value !== 'offline') return false;
  const answers = turns.value.map(({ answer }) => answer).concat(linked.value ?? []);
  return answers.some(({ phase, accepted }) => {
    return isRunning(phase.value) && accepted.value !== null && !accepted.value.local;
  });
});
