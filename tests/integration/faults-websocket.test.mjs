// WebSocket frames as no client may send them (RFC 6455): each closes its socket with the code that says why.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { leavesNothing, quarantine, startWitness, witnessScript } from '../support/faults.mjs';
import { freshKey, question } from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

const [more, text, binary, close, ping, pong] = [0, 1, 2, 8, 9, 10];
const textMost = 8 << 20; // twice limits::Request::body_bytes: what is a little too large is told so

/** A frame (5.2), masked with zeros: the payload stays readable. `length`: as it claims, in so many bytes. */
function frame(
  opcode,
  payload = '',
  { fin = true, reserved = 0, masked = true, length, wide } = {},
) {
  const body = Buffer.from(payload, 'latin1');
  const claimed = BigInt(length ?? body.length);
  const bytes = wide ?? (claimed < 126n ? 1 : claimed < 65_536n ? 2 : 8);
  const size = Buffer.alloc(bytes === 1 ? 1 : bytes + 1);
  if (bytes === 1) size[0] = Number(claimed);
  if (bytes === 2) size.writeUInt8(126) && size.writeUInt16BE(Number(claimed), 1);
  if (bytes === 8) size.writeUInt8(127) && size.writeBigUInt64BE(claimed, 1);
  if (masked) size[0] |= 0x80;
  const first = Buffer.of((fin ? 0x80 : 0) | (reserved << 4) | opcode);
  return Buffer.concat([first, size, Buffer.alloc(masked ? 4 : 0), body]);
}

const closing = (code, reason = '') => frame(close, String.fromCharCode(code >> 8, code & 0xff) + reason); // prettier-ignore
const first = (payload) => frame(text, payload, { fin: false });
const utf8 = (string) => Buffer.from(string).toString('latin1');

/** What the frames are, their bytes, and the code that the socket is closed with. */
const forms = [
  ['a text without a mask', [frame(text, '{}', { masked: false })], 1002],
  ['a ping without a mask', [frame(ping, '', { masked: false })], 1002],
  ...[1, 2, 4, 7].map((bits) => [`reserved bits ${bits}`, [frame(text, '{}', { reserved: bits })], 1002]), // prettier-ignore
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`opcode ${opcode}`, [frame(opcode)], 1002]), // prettier-ignore
  ['binary data', [frame(binary, '{}')], 1003],
  ['a continuation of nothing', [frame(more, '{}')], 1002],
  ['a continuation behind the end', [first('{'), frame(more, '}'), frame(more, '{}')], 1002],
  ['a text within a text', [first('{'), frame(text, '{}')], 1002],
  ['a fragmented ping', [frame(ping, '', { fin: false })], 1002],
  ['a fragmented close', [frame(close, '', { fin: false })], 1002],
  ['a ping of 126 bytes', [frame(ping, 'a'.repeat(126))], 1002],
  ['a pong of 1 GB', [frame(pong, '', { length: 1 << 30 })], 1002],
  ['a length in more bytes than it needs', [frame(text, '{}', { wide: 2 })], 1002],
  ['a length in far more bytes than it needs', [frame(text, 'a'.repeat(200), { wide: 8 })], 1002],
  ['a length of 2^63', [frame(text, '', { length: 2n ** 63n })], 1002],
  ['a length of 2^64 - 1', [frame(text, '', { length: 2n ** 64n - 1n })], 1002],
  ['a length of 2^62', [frame(text, '', { length: 2n ** 62n })], 1009],
  ['a text over the limit', [frame(text, '', { length: textMost + 1 })], 1009],
  ['fragments over the limit', [first('a'.repeat(100)), frame(more, '', { length: textMost - 99 })], 1009], // prettier-ignore
  ['a byte that is no UTF-8', [frame(text, '"\xff"')], 1007],
  ['UTF-8 that is cut off', [frame(text, utf8('é').slice(0, 1))], 1007],
  ['UTF-8 cut off in fragments', [first(utf8('€').slice(0, 1)), frame(more, utf8('€').slice(1, 2))], 1007], // prettier-ignore
  ['half of a surrogate pair', [frame(text, '\xed\xa0\x80')], 1007],
  ['a slash in two bytes', [frame(text, '\xc0\xaf')], 1007],
  ['a character beyond Unicode', [frame(text, '\xf4\x90\x80\x80')], 1007],
  ['half of a close code', [frame(close, '\x03')], 1002],
  ['a reason that is no UTF-8', [closing(1000, '\xff')], 1007],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => [`close code ${code}`, [closing(code)], 1002]), // prettier-ignore
  ...[1000, 1001, 1011, 3000, 4999].map((code) => [`close code ${code}, which may be sent,`, [closing(code, 'bye')], code]), // prettier-ignore
];

describe('a WebSocket client that sends', { timeout: 60_000 }, () => {
  let provider;
  let edge;
  let witness;
  before(async () => {
    provider = await startProvider(witnessScript);
    edge = await startEdge({ provider, env: quarantine });
    witness = await startWitness(edge);
  });
  after(async () => {
    witness?.leave();
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  const open = () => connect(`${edge.url}/v1/socket`);

  /** A question stands behind the frames, and must never be asked. */
  async function isClosed(frames, code) {
    const socket = await open();
    const ask = JSON.stringify({ type: 'ask', ref: 1, key: freshKey(), request: question() });
    socket.socket.write(Buffer.concat([...frames, frame(text, ask)]));
    // The reset for what is left unread overtakes the code now and then.
    const closedWith = await socket.finished();
    assert.ok([code, undefined].includes(closedWith), `${closedWith}`);
    assert.deepEqual(socket.messages, []);
    return closedWith;
  }

  for (const [what, frames, code] of forms) {
    test(`${what} is closed with ${code}`, async () => {
      assert.equal(await isClosed(frames, code), code);
    });
  }

  test('any of these leaves nothing behind', async () => {
    const all = () => Promise.all(forms.map(([, frames, code]) => isClosed(frames, code)));
    await leavesNothing(edge, all, { times: 2 });
    await witness.goesOn();
  });

  test('fragments with pings between them is understood', async () => {
    const socket = await open();
    const json = utf8('{"type":"€"}');
    const parts = [...json].map((byte, i) =>
      Buffer.concat([frame(i ? more : text, byte, { fin: false }), frame(ping, `${i}`)]),
    );
    for (const part of parts) socket.socket.write(part);
    socket.socket.write(frame(more));
    const error = await socket.nextJson();
    assert.equal(error.code, 'invalid_request');
    assert.ok(socket.pongs.includes(`${parts.length - 1}`));
    socket.cut();
  });

  test('a byte at a time is understood', async () => {
    const socket = await open();
    for (const byte of frame(text, '{"type":"?"}')) {
      await new Promise((sent) => socket.socket.write(Buffer.of(byte), sent));
    }
    assert.equal((await socket.nextJson()).code, 'invalid_request');
    socket.cut();
  });

  test('a hundred thousand empty fragments costs nobody else anything', async () => {
    const socket = await open();
    const empty = frame(more, '', { fin: false });
    socket.socket.write(Buffer.concat([first(''), ...Array(100_000).fill(empty), frame(more)]));
    assert.equal((await socket.nextJson()).code, 'invalid_request');
    socket.cut();
    await witness.goesOn();
  });
});
