// What the tests' provider says in the turns of a research.

const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'test', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`; // prettier-ignore

/**
 * A turn that says how to go on by a last line.
 * @param {string} text
 * @param {{ done?: boolean, queries?: string[] }} next
 */
export function byLine(text, { done = false, queries = [] }) {
  const line = `@@research ${JSON.stringify({ done, queries })}`;
  return { pieces: [text, '\n\n@@res', `earch ${line.slice('@@research '.length)}`] };
}

/**
 * A turn that says it by calling the tool, its arguments in pieces.
 * @param {string} text
 * @param {{ done?: boolean, queries?: string[] }} next
 */
export function byTool(text, { done = false, queries = [] }) {
  const whole = JSON.stringify({ done, queries });
  const call = (members) => chunk({ tool_calls: [{ index: 0, ...members }] });
  const parts = [
    chunk({ role: 'assistant', content: text }),
    call({ id: 'call_1', type: 'function', function: { name: 'research_next', arguments: '' } }),
    call({ function: { arguments: whole.slice(0, 9) } }),
    call({ function: { arguments: whole.slice(9) } }),
    chunk({}, 'tool_calls'),
    'data: [DONE]\n\n',
  ];
  return { raw: { type: 'text/event-stream', parts } };
}

/** So many turns that go on, and then one that ends the research. */
export function researchTurns(count) {
  const turns = Array.from({ length: count }, (_, turn) =>
    byLine(`Turn ${turn + 1}.`, { done: turn === count - 1, queries: [] }),
  );
  return [...turns, { pieces: ['All of it.'] }];
}

/**
 * What the provider does for a call: which turn it is, its own prompt tells, by the findings of the
 * turns before that stand in it.
 */
export function inTurn(turns, call) {
  const findings = call.json.messages.filter(({ role }) => role === 'assistant').length;
  return turns[findings] ?? {};
}
