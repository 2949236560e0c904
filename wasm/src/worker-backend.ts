/** Page side of the messages: calls carried out in a module worker. */
import type { ConnectionStatus } from './api.js';
import { Failure, cancelled, failure } from './errors.js';
import type { Backend, CallName, Calls, FromWorker, PackSource, ToWorker } from './protocol.js';
import { serveFiles } from './pull.js';

interface Pending {
  resolve(result: unknown): void;
  reject(reason: unknown): void;
  onProgress: ((progress: never) => void) | undefined;
}

export class WorkerBackend implements Backend {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #onStatus: (status: ConnectionStatus) => void;
  #lastId = 0;
  #ended: Failure | undefined;

  constructor(assets: URL, onStatus: (status: ConnectionStatus) => void) {
    this.#onStatus = onStatus;
    this.#worker = createWorker(assets);
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = ({ message }) => this.#end(lost(message ?? ''));
  }

  call<Name extends CallName>(
    name: Name,
    argument: Calls[Name]['argument'],
    options: {
      signal?: AbortSignal | undefined;
      onProgress?: ((progress: Calls[Name]['progress']) => void) | undefined;
    } = {},
  ): Promise<Calls[Name]['result']> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const { signal, onProgress } = options;
    const cancel = () => this.#post({ kind: 'cancel', id });
    const result = new Promise<Calls[Name]['result']>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject, onProgress });
      const [sent, transfer] = sendable(name, argument);
      this.#post({ kind: 'call', id, name, argument: sent }, transfer);
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel);
    });
    return result.finally(() => signal?.removeEventListener('abort', cancel));
  }

  close(): void {
    this.#end(cancelled());
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'status') return this.#onStatus(message.status);
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.kind === 'progress') return pending.onProgress?.(message.progress as never);
    this.#pending.delete(message.id);
    if (message.kind === 'result') pending.resolve(message.result);
    else pending.reject(new Failure(message.failure));
  }

  #end(reason: Failure): void {
    this.#ended ??= reason;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

/** What of an argument is not simply copied, and what goes over with it. */
function sendable(name: CallName, argument: unknown): [unknown, Transferable[]] {
  if (name === 'openPack') return sendablePack(argument as PackSource);
  const index = argument as Partial<Calls['index']['argument']> | null;
  if (index?.source?.kind !== 'iterable') return [argument, []];
  // An iterable cannot be posted: its files are served over a port instead.
  const { port1, port2 } = new MessageChannel();
  serveFiles(index.source.files, port1);
  return [{ ...index, source: { kind: 'port', port: port2 } }, [port2]];
}

/** Bytes stay the caller's: a copy goes over. Posting them would copy twice, and all of a buffer that they are part of. */
function sendablePack(source: PackSource): [PackSource, Transferable[]] {
  if (!('bytes' in source)) return [source, []];
  const bytes = source.bytes.slice();
  return [{ bytes }, [bytes.buffer as ArrayBuffer]];
}

function lost(message: string): Failure {
  return failure(
    'internal',
    `The worker could not be started or has failed. ${message}`.trim(),
    'worker.js must come from the origin of the page, as JavaScript, and worker-src must allow it.',
  );
}

// -- Trusted Types

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

/** As much of the API as is needed; the DOM's types do not have it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

/**
 * Workers take scripts of the page's own origin only. Where the page requires Trusted Types for
 * scripts, its policy must allow the name `weir`, which passes nothing but this address.
 */
function createWorker(assets: URL): Worker {
  const script = new URL('worker.js', assets).href;
  return new Worker(trusted(script), { type: 'module', name: 'weir' });
}

let policy: ScriptUrlPolicy | undefined;
const scripts = new Set<string>();

function trusted(script: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return script;
  scripts.add(script);
  policy ??= trustedTypes.createPolicy('weir', {
    createScriptURL: (url) => {
      if (!scripts.has(url)) throw new TypeError('not the worker of this package');
      return url;
    },
  });
  return policy.createScriptURL(script);
}
