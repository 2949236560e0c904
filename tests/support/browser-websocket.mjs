// As much of a browser's WebSocket as the npm package uses, for Node 20, which has none.
import { connect } from './websocket.mjs';

export class BrowserWebSocket {
  static OPEN = 1;
  onopen = null;
  onmessage = null;
  onclose = null;
  #client;
  #closed = false;

  constructor(address, protocol) {
    this.#serve(String(address), protocol).catch(() => undefined);
  }

  get readyState() {
    if (this.#closed) return 3;
    return this.#client ? BrowserWebSocket.OPEN : 0;
  }

  send(text) {
    this.#client?.sendText(text);
  }

  close() {
    this.#closed = true;
    this.#client?.cut();
  }

  async #serve(address, protocol) {
    try {
      this.#client = await connect(address, { protocol });
      if (this.#closed) return this.#client.cut();
      this.onopen?.();
      for (let data; (data = await this.#client.next()) !== undefined;) this.onmessage?.({ data });
    } finally {
      this.onclose?.();
    }
  }
}
