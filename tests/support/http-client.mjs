// The client protocol over HTTP, as a test wants it: raw where fetch would tidy up.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';

export const freshKey = () => randomBytes(16).toString('hex');

/** The smallest ask, with a passage so that no retrieval is needed. */
export function question(text = 'Where is the answer?', extra = {}) {
  return {
    repo_url: 'https://example.org/acme/widgets',
    messages: [{ role: 'user', content: text }],
    context: [{ path: 'src/answer.c', start_line: 1, end_line: 2, text: 'int answer = 42;\n' }],
    ...extra,
  };
}

/** Sends an HTTP request and resolves with the response as soon as its head is there. */
export function send(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, failed) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      response.abort = () => sent.destroy();
      done(response);
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

export async function text(response) {
  let all = '';
  for await (const chunk of response.setEncoding('utf8')) all += chunk;
  return all;
}

export const json = async (response) => JSON.parse(await text(response));

export function postAnswer(
  url,
  { key = freshKey(), request: body = question(), headers = {}, query = '' } = {},
) {
  return send(`${url}/v1/answers${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'weir-key': key, ...headers },
    body: JSON.stringify(body),
  });
}

/** The events of a response, as they come: {type, cursor, ...data}. Comments are passed over. */
export async function* events(response) {
  let buffer = '';
  for await (const chunk of response.setEncoding('utf8')) {
    buffer += chunk;
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      const event = readEvent(buffer.slice(0, end));
      buffer = buffer.slice(end + 2);
      if (event) yield event;
    }
  }
}

function readEvent(block) {
  const fields = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
  }
  if (!fields.event) return undefined;
  return { ...JSON.parse(fields.data), type: fields.event, cursor: Number(fields.id ?? 0) };
}

export async function allEvents(response) {
  const all = [];
  for await (const event of events(response)) all.push(event);
  return all;
}

export const textOf = (list) =>
  list.filter(({ type }) => type === 'delta').map((event) => event.text).join(''); // prettier-ignore

/**
 * Writes bytes as they are and gives all that comes back until the connection ends, or `limit` ms have
 * passed. `byBytes`: each in a write of its own.
 */
export function rawExchange(port, bytes, { byBytes = false, limit = 30_000 } = {}) {
  return new Promise((done) => {
    let all = '';
    const timer = setTimeout(() => socket.destroy(), limit);
    const socket = connect(port, '127.0.0.1', async () => {
      if (!byBytes) return void socket.write(bytes);
      for (const byte of Buffer.from(bytes, 'latin1')) {
        if (!socket.writable) return;
        await new Promise((sent) => socket.write(Buffer.of(byte), sent));
      }
    }).setNoDelay(true);
    socket.setEncoding('latin1').on('data', (piece) => (all += piece));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      done(all);
    });
  });
}
