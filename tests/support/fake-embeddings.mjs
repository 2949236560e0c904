// What a provider's model for embeddings does, of sorts: each word is a direction drawn from its hash,
// and a text is the sum of its words'.
import { createHash } from 'node:crypto';

export const DIMENSIONS = 24;

function directionOf(word, dimensions) {
  const numbers = [];
  for (let block = 0; numbers.length < dimensions; block++) {
    numbers.push(...createHash('sha256').update(`${word} ${block}`).digest());
  }
  return numbers.slice(0, dimensions).map((byte) => byte / 127.5 - 1);
}

export function vectorOf(text, dimensions = DIMENSIONS) {
  const sum = Array(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? ['']) {
    directionOf(word, dimensions).forEach((number, i) => (sum[i] += number));
  }
  return sum;
}

/** As OpenAI's server answers a call (fake-provider.mjs). */
export function embeddings(call) {
  const { input, model, dimensions } = call.json;
  const data = input.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: vectorOf(text, dimensions),
  }));
  return { json: { object: 'list', data, model, usage: { prompt_tokens: 3, total_tokens: 3 } } };
}
