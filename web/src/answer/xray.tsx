import type { Meaning } from 'weir';

import { type Answer, isRunning } from '../ask/answer.ts';
import { type Seen, typicalPause } from '../ask/seen.ts';
import { count, duration, price } from '../words.ts';

/** Of a pack that carries embeddings. */
const comparisons: Record<Meaning, string> = {
  provider: 'by the model of the pack’s embeddings',
  'built-in': 'on this device: the pack’s model could not be asked',
  none: 'by words alone',
};

interface Step {
  name: string;
  /** Milliseconds. */
  from: number;
  length: number;
}

/** Where an answer's time went, from the search to its last word, and what it cost. */
export function XRay({ answer }: { answer: Answer }) {
  if (isRunning(answer.phase.value)) return null;
  const steps = stepsOf(answer);
  if (steps.length === 0) return null;
  const whole = Math.max(1, ...steps.map(({ from, length }) => from + length));
  return (
    <details class="xray">
      <summary>X-ray</summary>
      <table>
        <caption>{captionOf(answer)}</caption>
        <tbody>
          {steps.map(({ name, from, length }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{duration(length)}</td>
              <td class="xray-track" aria-hidden="true">
                <span
                  style={{
                    marginInlineStart: `${(100 * from) / whole}%`,
                    width: `${(100 * length) / whole}%`,
                  }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl>
        {factsOf(answer).map(([name, fact]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** One behind the other. What neither the edge nor the page accounts for was on the way. */
function stepsOf({ seen, timing, accepted }: Answer): Step[] {
  const { searched, last } = seen.value;
  const steps: Step[] = [];
  const add = (name: string, length: number) => {
    const before = steps.at(-1);
    steps.push({ name, from: before ? before.from + before.length : 0, length });
  };
  if (searched !== null) add('Search on this device', searched);
  if (timing.value && !accepted.value?.reused) {
    const { retrieval_ms, queue_ms, connect_ms, first_ms, text_ms, whole_ms } = timing.value;
    if (retrieval_ms > 0) add('Search at the edge', retrieval_ms);
    if (queue_ms > 0) add('Waiting for a turn', queue_ms);
    if (connect_ms > 0) add('Connecting to the provider', connect_ms);
    add('The model’s first word', first_ms);
    add('The text', text_ms);
    if (last !== null) {
      add('On the way, and the rest', Math.max(0, last - (searched ?? 0) - whole_ms));
    }
  } else if (last !== null) {
    add('From the edge', last - (searched ?? 0));
  }
  return steps;
}

function captionOf({ accepted }: Answer): string {
  return accepted.value?.reused === 'running'
    ? 'The same was being answered: one call serves both.'
    : 'Where the time went';
}

function factsOf({ seen, timing, usage, accepted, cost, meaning }: Answer): [string, string][] {
  const facts: [string, string][] = [];
  if (meaning.value) facts.push(['Sources compared', comparisons[meaning.value]]);
  const pauses = pausesOf(seen.value);
  if (pauses) facts.push(['Pauses in the text', pauses]);
  if (accepted.value) {
    const { prompt_tokens: tokens, context_tokens: most, exact } = accepted.value;
    facts.push(['Prompt', `${exact ? '' : 'about '}${count(tokens)} of ${count(most)} tokens`]);
  }
  const used = usage.value;
  if (used) {
    facts.push([
      'Counted by the provider',
      `${count(used.prompt)} tokens in, ${count(used.completion)} out`,
    ]);
  }
  const spent = timing.value?.text_ms ?? 0;
  if (used && spent > 0 && !accepted.value?.reused) {
    facts.push(['Speed', `${count(Math.round((1000 * used.completion) / spent))} tokens a second`]);
  }
  if (timing.value && timing.value.calls > 1) {
    facts.push(['Calls of providers', count(timing.value.calls)]);
  }
  if (accepted.value?.reused) facts.push(['Price', 'nothing']);
  else if (cost.value) facts.push(['Price', price(cost.value)]);
  return facts;
}

function pausesOf(seen: Seen): string | null {
  const typical = typicalPause(seen);
  if (typical === null) return null;
  return `mostly up to ${duration(typical)}, the longest ${duration(seen.longestPause)}`;
}
