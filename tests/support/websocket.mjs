// A minimal WebSocket client (RFC 6455): Node 20 has none of its own, and tests want to see and to
// misuse the frames.
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Connects, or rejects with an error that has the refusal's `status` and `body`. */
export function connect(url, { protocol = 'weir.v1', headers = {}, answersPings = true } = {}) {
  const key = randomBytes(16).toString('base64');
  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': key,
    ...(protocol ? { 'Sec-WebSocket-Protocol': protocol } : {}),
  };
  return new Promise((done, failed) => {
    const attempt = request(url.replace(/^ws/, 'http'), { headers: { ...upgrade, ...headers } });
    attempt.on('error', failed);
    attempt.on('response', async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      failed(
        Object.assign(new Error(`refused with ${response.statusCode}`), {
          status: response.statusCode,
          body,
        }),
      );
    });
    attempt.on('upgrade', (response, socket, head) => {
      const expected = createHash('sha1')
        .update(key + guid)
        .digest('base64');
      if (response.headers['sec-websocket-accept'] !== expected) {
        failed(new Error('the handshake was answered wrongly'));
      } else {
        const spoken = response.headers['sec-websocket-protocol'];
        done(new WebSocketClient(socket, head, spoken, answersPings));
      }
    });
    attempt.end();
  });
}

class WebSocketClient {
  constructor(socket, head, protocol, answersPings) {
    Object.assign(this, { socket, protocol, answersPings, messages: [], waiting: [] });
    this.closeCode = undefined;
    this.ended = false;
    this.pings = 0;
    this.pongs = [];
    this.buffer = Buffer.alloc(0);
    this.parts = [];
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.take(bytes));
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
    this.take(head);
  }

  sendText(text) {
    this.sendFrame(opcodes.text, Buffer.from(text));
  }

  sendJson(value) {
    this.sendText(JSON.stringify(value));
  }

  sendBinary(bytes) {
    this.sendFrame(opcodes.binary, bytes);
  }

  sendPing(payload) {
    this.sendFrame(opcodes.ping, Buffer.from(payload));
  }

  /** Asks for the connection's end, as browsers do; finished() gives the edge's word. */
  sendClose(code) {
    this.sendFrame(opcodes.close, Buffer.from([code >> 8, code & 0xff]));
  }

  /** Clients mask their frames (5.3). */
  sendFrame(opcode, payload) {
    const mask = randomBytes(4);
    const masked = Buffer.from(payload);
    for (let i = 0; i < masked.length; ++i) masked[i] ^= mask[i & 3];
    this.socket.write(Buffer.concat([frameHead(opcode, payload.length), mask, masked]));
  }

  /** The next text message; nothing once the connection has ended. */
  async next() {
    while (this.messages.length === 0) {
      if (this.ended) return undefined;
      await new Promise((wake) => this.waiting.push(wake));
    }
    return this.messages.shift();
  }

  /** The next message as JSON, keep-alives passed over. */
  async nextJson() {
    for (;;) {
      const text = await this.next();
      if (text === undefined) return undefined;
      const frame = JSON.parse(text);
      if (frame.type !== 'alive') return frame;
    }
  }

  /** Waits until the connection has ended. */
  async finished() {
    while (!this.ended) await new Promise((wake) => this.waiting.push(wake));
    return this.closeCode;
  }

  /** Ends the connection as a cut network would. */
  cut() {
    this.socket.destroy();
  }

  take(bytes) {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    for (let frame = this.nextFrame(); frame; frame = this.nextFrame()) this.handle(frame);
  }

  nextFrame() {
    if (this.buffer.length < 2) return undefined;
    let length = this.buffer[1] & 0x7f;
    let at = 2;
    if (length === 126) {
      if (this.buffer.length < 4) return undefined;
      length = this.buffer.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (this.buffer.length < 10) return undefined;
      length = Number(this.buffer.readBigUInt64BE(2));
      at = 10;
    }
    if (this.buffer.length < at + length) return undefined;
    const frame = {
      last: (this.buffer[0] & 0x80) !== 0,
      opcode: this.buffer[0] & 0x0f,
      payload: this.buffer.subarray(at, at + length),
    };
    this.buffer = this.buffer.subarray(at + length);
    return frame;
  }

  handle({ last, opcode, payload }) {
    if (opcode === opcodes.ping) {
      this.pings += 1;
      if (this.answersPings) this.sendFrame(opcodes.pong, payload);
    } else if (opcode === opcodes.close) {
      this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      this.sendFrame(opcodes.close, payload.subarray(0, 2));
      this.socket.end();
    } else if (opcode === opcodes.pong) {
      this.pongs.push(payload.toString());
    } else {
      this.parts.push(payload);
      if (!last) return;
      this.messages.push(Buffer.concat(this.parts.splice(0)).toString());
    }
    this.wake();
  }

  end() {
    this.ended = true;
    this.wake();
  }

  wake() {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

function frameHead(opcode, length) {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, 0x80 | length]);
  if (length < 65536) return Buffer.from([first, 0x80 | 126, length >> 8, length & 0xff]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
