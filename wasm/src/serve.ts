/** Worker side of the messages: carries out calls, one AbortController each. */
import type { ConnectionStatus } from './api.js';
import { failureData } from './errors.js';
import type { FromWorker, Handlers, ToWorker } from './protocol.js';
import { unknownCall } from './service.js';

/** As much of a worker's scope as is needed. */
export interface Port {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => unknown) | null;
}

type Handler = (
  argument: unknown,
  context: { signal: AbortSignal; progress(progress: unknown): void },
) => Promise<unknown>;

export function serve(
  port: Port,
  create: (onStatus: (status: ConnectionStatus) => void) => Handlers,
): void {
  const handlers = create((status) => port.postMessage({ kind: 'status', status }));
  const running = new Map<number, AbortController>();

  async function carryOut({ id, name, argument }: Extract<ToWorker, { kind: 'call' }>) {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      // Page and worker share the types of protocol.ts; a message cannot.
      const handler = handlers[name] as Handler | undefined;
      if (!handler) throw unknownCall(name);
      const result = await handler.call(handlers, argument, {
        signal: controller.signal,
        progress: (progress) => port.postMessage({ kind: 'progress', id, progress }),
      });
      port.postMessage({ kind: 'result', id, result });
    } catch (reason) {
      port.postMessage({ kind: 'failure', id, failure: failureData(reason) });
    }
    running.delete(id);
  }

  port.onmessage = ({ data }) => {
    if (data.kind === 'cancel') running.get(data.id)?.abort();
    else void carryOut(data);
  };
}
