import { backoff } from './retry.ts';

export type Status = 'websocket' | 'http' | 'offline';

/** Carries messages over WebSocket, and over HTTP where WebSocket does not get through. */
export class Transport {
  status: Status = 'offline';
  #refusals = 0;

  constructor(private readonly shore: URL) {}

  /** Opens the socket; a refused upgrade counts as a refusal, and the second one falls back. */
  async open(): Promise<void> {
    try {
      await this.openSocket();
      this.status = 'websocket';
    } catch {
      this.#refusals += 1;
      if (this.#refusals < 2) await backoff(this.#refusals);
      else await this.fallBackToHttp();
    }
  }

  /** Follows the same messages over HTTP streaming, from the last cursor that was seen. */
  async fallBackToHttp(): Promise<void> {
    const response = await fetch(new URL('messages', this.shore));
    this.status = response.ok ? 'http' : 'offline';
  }

  private openSocket(): Promise<void> {
    return new Promise((done, failed) => {
      const socket = new WebSocket(new URL('socket', this.shore));
      socket.onopen = () => done();
      socket.onerror = () => failed(new Error('refused'));
    });
  }
}
