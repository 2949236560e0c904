/** The package's public interface: createWeir and createCounter, and the types of api.ts. */
import { address, assetsAddress, folderAddress } from './addresses.js';
import type {
  AnswerEvent,
  AskOptions,
  ChatRequest,
  ConnectionFigures,
  ConnectionStatus,
  FileSource,
  FollowOptions,
  Hits,
  IndexOptions,
  IndexReport,
  Library,
  OpenOptions,
  Pack,
  PackInfo,
  Plan,
  Providers,
  SearchOptions,
  SourceText,
  Weir,
  WeirOptions,
} from './api.js';
import { type Failure, cancelled, errorEvent, failure } from './errors.js';
import { EventQueue } from './events.js';
import { randomId, wrongId } from './ids.js';
import { indexSource } from './index-source.js';
import { inNode } from './node.js';
import { passOnNews } from './page-news.js';
import type { Asked, Backend, OpenedPack, PackSource } from './protocol.js';

export type * from './api.js';
export { type CounterOptions, createCounter } from './counter.js';

/** Starts the engine: in a worker in browsers, in place in Node. Rejects where it cannot start. */
export async function createWeir(options: WeirOptions = {}): Promise<Weir> {
  const weir = new WeirClient(options.edge ? 'connecting' : 'offline', options.onStatus);
  await weir.start(options);
  return weir;
}

/** Of a call whose progress is an answer's events. */
interface ReadingOptions {
  signal: AbortSignal;
  onProgress(event: AnswerEvent): void;
}

class WeirClient implements Weir {
  readonly library: Library = {
    list: () => this.#backend.call('keptPacks', null),
    open: async (id) => this.#pack(await this.#backend.call('openKept', { id })),
    remove: (id) => this.#backend.call('removeKept', { id }),
  };
  readonly #onStatus: ((status: ConnectionStatus) => void) | undefined;
  #status: ConnectionStatus;
  #backend!: Backend;
  #endNews: () => void = () => undefined;
  #access: WeirOptions['access'];
  /** Who alone is told who asks. */
  #edge: string | null = null;
  #embedQuestions = true;

  constructor(status: ConnectionStatus, onStatus: WeirOptions['onStatus']) {
    this.#status = status;
    this.#onStatus = onStatus;
  }

  async start({ edge, assets, access, embedQuestions = true }: WeirOptions): Promise<void> {
    this.#access = access;
    this.#embedQuestions = embedQuestions;
    this.#edge = edge ? folderAddress(edge).href : null;
    const base = assetsAddress(assets);
    const onStatus = (status: ConnectionStatus) => {
      this.#status = status;
      this.#onStatus?.(status);
    };
    // Each is loaded only where it is used: a page has no use for what its worker does.
    this.#backend = inNode
      ? new (await import('./local-backend.js')).LocalBackend(onStatus)
      : new (await import('./worker-backend.js')).WorkerBackend(base, onStatus);
    if (!inNode) this.#endNews = passOnNews(this.#backend);
    try {
      await this.#backend.call('start', {
        edge: this.#edge,
        assets: base.href,
        embedQuestions,
      });
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  async openPack(
    source: string | URL | Blob | ArrayBuffer | Uint8Array,
    { signal, onProgress }: OpenOptions = {},
  ): Promise<Pack> {
    const found = packSource(source);
    if ('url' in found && this.#edge !== null && found.url.startsWith(this.#edge)) {
      found.access = await this.#credential();
    }
    return this.#pack(await this.#backend.call('openPack', found, { signal, onProgress }));
  }

  async index(source: FileSource, options: IndexOptions = {}): Promise<Pack> {
    const { signal, onProgress, ...settings } = options;
    const argument = { source: indexSource(source), options: settings };
    if (!settings.repository && argument.source.kind !== 'repository') {
      throw failure('invalid_request', 'What is indexed needs a name: `repository` is missing.');
    }
    if (argument.source.kind === 'repository') argument.source.access = await this.#credential();
    return this.#pack(await this.#backend.call('index', argument, { signal, onProgress }));
  }

  async search(
    packs: Pack[],
    query: string,
    { signal, ...options }: SearchOptions = {},
  ): Promise<Hits> {
    const handles = packs.map((pack) => OpenPack.handleOf(pack));
    const isEmbedded =
      this.#edge !== null && this.#embedQuestions && packs.some(({ info }) => info.embeddings);
    // Without, an edge that wants to know may refuse to embed: then the search does without that.
    const access = isEmbedded
      ? await this.#withCredential((told) => Promise.resolve(told)).catch(() => '')
      : '';
    const argument = { packs: handles, query, options, access };
    const { hits, meaning } = await this.#backend.call('search', argument, { signal });
    return Object.assign(hits, { meaning });
  }

  providers(): Promise<Providers> {
    return this.#backend.call('providers', null);
  }

  plan(request: ChatRequest): Promise<Plan> {
    const { provider = '', model = '' } = request;
    return this.#backend.call('plan', { request: requestText(request), provider, model });
  }

  isSearched(request: ChatRequest): Promise<boolean> {
    return this.#backend.call('isSearched', askedOf(request));
  }

  ask(
    request: ChatRequest,
    { signal, key, pack }: AskOptions = {},
  ): AsyncIterableIterator<AnswerEvent> {
    const wrong = key === undefined ? undefined : wrongId('The key', key);
    if (wrong) return refused(wrong);
    // A key of the caller's own may have been used before: then there is an answer to cancel.
    if (signal?.aborted && key === undefined) return refused(cancelled());
    const text = requestText(request);
    if (!request.research) {
      return this.#read(
        (access, how) => this.#backend.call('ask', { request: text, key, access }, how),
        signal,
      );
    }
    const handle = pack instanceof OpenPack ? pack.handle : 0;
    const asked = askedOf(request);
    const argument = { request: text, key, pack: handle, asked };
    return this.#read(
      (access, how) => this.#backend.call('research', { ...argument, access }, how),
      signal,
    );
  }

  follow(
    answer: string,
    { after = 0, key, signal }: FollowOptions = {},
  ): AsyncIterableIterator<AnswerEvent> {
    const wrong =
      wrongId('The answer’s id', answer) ??
      (key === undefined ? undefined : wrongId('The key', key)) ??
      wrongCursor(after);
    if (wrong) return refused(wrong);
    const argument = { answer, after, key };
    return this.#read((_, how) => this.#backend.call('follow', argument, how), signal);
  }

  newKey(): string {
    return randomId();
  }

  connection(): Promise<ConnectionFigures> {
    return this.#backend.call('connection', null);
  }

  dispose(): void {
    this.#endNews();
    this.#backend.close();
  }

  /** What the edge is told of who asks; without a wait where it is known. */
  #credential(): string | Promise<string> {
    return typeof this.#access === 'function' ? this.#access() : (this.#access ?? '');
  }

  /**
   * The events of a call, which is made of what the edge is told of who asks; leaving them, like
   * aborting the signal, cancels it.
   */
  #read(
    call: (access: string, how: ReadingOptions) => Promise<void>,
    signal: AbortSignal | undefined,
  ): AsyncIterableIterator<AnswerEvent> {
    const ended = new AbortController();
    const abort = () => ended.abort();
    const events = new EventQueue(abort);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const how = {
      signal: ended.signal,
      onProgress: (event: AnswerEvent) => events.push(event),
    };
    this.#withCredential((access) => call(access, how))
      .catch((reason: unknown) => events.push(errorEvent(reason)))
      .finally(() => {
        signal?.removeEventListener('abort', abort);
        events.end();
      });
    return events;
  }

  /** At once where nothing has to be waited for: who asks first is answered first. */
  #withCredential<Result>(begin: (access: string) => Promise<Result>): Promise<Result> {
    try {
      const access = this.#credential();
      return typeof access === 'string' ? begin(access) : access.then(begin);
    } catch (reason) {
      return Promise.reject(reason);
    }
  }

  #pack(opened: OpenedPack): Pack {
    return new OpenPack(this, this.#backend, opened);
  }
}

class OpenPack implements Pack {
  readonly info: PackInfo;
  readonly report?: IndexReport;
  readonly handle: number;
  readonly #weir: Weir;
  readonly #backend: Backend;

  constructor(weir: Weir, backend: Backend, { pack, info, report }: OpenedPack) {
    this.#weir = weir;
    this.#backend = backend;
    this.handle = pack;
    this.info = info;
    if (report) this.report = report;
  }

  /** By what the engine knows it. */
  static handleOf(pack: Pack): number {
    if (pack instanceof OpenPack) return pack.handle;
    throw failure('invalid_request', 'Only packs that this package opened can be searched.');
  }

  search(query: string, options?: SearchOptions): Promise<Hits> {
    return this.#weir.search([this], query, options);
  }

  paths(): Promise<string[]> {
    return this.#backend.call('paths', { pack: this.handle });
  }

  file(path: string): Promise<SourceText> {
    return this.#backend.call('file', { pack: this.handle, path });
  }

  close(): void {
    // Where the worker has gone, so has the pack.
    this.#backend.call('closePack', { pack: this.handle }).catch(() => undefined);
  }
}

/** An answer that never began: its only event says why. */
function refused(why: Failure): AsyncIterableIterator<AnswerEvent> {
  const events = new EventQueue(() => undefined);
  events.push(errorEvent(why));
  events.end();
  return events;
}

function wrongCursor(after: unknown): Failure | undefined {
  if (Number.isSafeInteger(after) && (after as number) >= 0) return undefined;
  return failure('invalid_request', 'The cursor `after` is not a whole number from 0 on.');
}

type GivenPack = string | URL | Blob | ArrayBuffer | Uint8Array;

function packSource(source: GivenPack): PackSource {
  if (typeof source === 'string' || source instanceof URL) {
    return { url: address(source).href, access: '' };
  }
  if (source instanceof Blob) return { blob: source };
  return { bytes: source instanceof Uint8Array ? source : new Uint8Array(source) };
}

function askedOf({ messages, provider = '', model = '' }: ChatRequest): Asked {
  return { question: messages.at(-1)?.content ?? '', provider, model };
}

/** As JSON. Of a passage only what the protocol knows is sent: hits serve as context as they are. */
function requestText(request: ChatRequest): string {
  const context = request.context?.map(({ path, start_line, end_line, text }) => ({
    path,
    start_line,
    end_line,
    text,
  }));
  return JSON.stringify(context ? { ...request, context } : request);
}
