/** Calls carried out in place: for Node, which has no page to keep responsive. */
import type { ConnectionStatus } from './api.js';
import { cancelled } from './errors.js';
import { assetsAt, readFile } from './node.js';
import type { Backend, CallContext, CallName, Calls, Handlers } from './protocol.js';
import { Service } from './service.js';

export class LocalBackend implements Backend {
  readonly #service: Service;
  readonly #running = new Set<AbortController>();
  #closed = false;

  constructor(onStatus: (status: ConnectionStatus) => void) {
    this.#service = new Service({ assets: assetsAt, readFile, onStatus });
  }

  async call<Name extends CallName>(
    name: Name,
    argument: Calls[Name]['argument'],
    options: {
      signal?: AbortSignal | undefined;
      onProgress?: ((progress: Calls[Name]['progress']) => void) | undefined;
    } = {},
  ): Promise<Calls[Name]['result']> {
    if (this.#closed) throw cancelled();
    const controller = new AbortController();
    const abort = () => controller.abort();
    if (options.signal?.aborted) abort();
    options.signal?.addEventListener('abort', abort);
    this.#running.add(controller);
    const context: CallContext<Name> = {
      signal: controller.signal,
      progress: (progress) => options.onProgress?.(progress),
    };
    try {
      const handlers: Handlers = this.#service;
      return await handlers[name](argument, context);
    } finally {
      this.#running.delete(controller);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  close(): void {
    this.#closed = true;
    for (const controller of this.#running) controller.abort();
    void this.#service.close();
  }
}
