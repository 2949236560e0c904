/** What a worker does for its page, or the package in place for a Node program. */
import type { ConnectionStatus, EncodingName, Plan, Providers, SourceText } from './api.js';
import { Connections, type Find, type OnEvent } from './connections.js';
import { type ChosenModel, Engine, type FoundHere } from './engine.js';
import { failure } from './errors.js';
import { WORDS, index } from './indexing.js';
import { randomId } from './ids.js';
import { keep, keptFile, keptPacks, refreshable, removeKept } from './library.js';
import { type Loaded, type ReadFile, loadAddress } from './load.js';
import type { BoundaryExports } from './memory.js';
import { type ReadAsset, instantiate } from './module.js';
import { Packs } from './packs.js';
import { QuestionEmbeddings } from './question-embeddings.js';
import type { CallContext, Calls, Handlers, OpenedPack, StartOptions } from './protocol.js';
import type { Found, Query } from './search-engine.js';

export interface ServiceHost {
  assets(base: URL): ReadAsset;
  readFile?: ReadFile;
  onStatus(status: ConnectionStatus): void;
}

/** Where all of the table would be little, it is read whole. */
const WORDS_WHOLE_BYTES = 64 << 10;
const PROVIDERS_MS = 5000;

type Argument<Name extends keyof Calls> = Calls[Name]['argument'];

export class Service implements Handlers {
  readonly #host: ServiceHost;
  #engine!: Engine;
  #loading: Promise<void> | undefined;
  #packs!: Packs;
  #connections!: Connections;
  #asset!: ReadAsset;
  #edge: URL | null = null;
  /** Undefined: questions stay here. */
  #embeddings: QuestionEmbeddings | undefined;
  /** What the edge was told last of who asks. */
  #access = '';
  #listing: { providers: Providers; fromEdge: boolean } | undefined;
  readonly #encodings = new Map<EncodingName, Promise<number>>();

  constructor(host: ServiceHost) {
    this.#host = host;
  }

  async start({ edge, assets, embedQuestions }: StartOptions): Promise<void> {
    this.#asset = this.#host.assets(new URL(assets));
    this.#edge = edge === null ? null : new URL(edge);
    if (this.#edge && embedQuestions) this.#embeddings = new QuestionEmbeddings(this.#edge);
    this.#packs = new Packs(
      this.#asset,
      () => this.#loadWords(new URL(assets)),
      this.#host.readFile,
    );
    // Without WebSockets there is nothing to open beforehand.
    if (!this.#edge || typeof WebSocket !== 'function') return;
    await this.#load();
    this.#connections.connect();
  }

  /** What asks and counts is loaded with the first question: a search needs nothing of it. */
  #load(): Promise<void> {
    this.#loading ??= instantiate<BoundaryExports>(this.#asset, 'weir.wasm').then((exports) => {
      this.#engine = new Engine(exports);
      this.#connections = new Connections(this.#engine, {
        edge: this.#edge,
        onStatus: (status) => this.#onStatus(status),
        loadEncoding: () => this.#encoding(this.#localEncoding()),
        find: (wanted, pack) => this.#find(wanted, pack),
      });
    });
    this.#loading.catch(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Closes what the engine has open but packs, which are their owner's. */
  async close(): Promise<void> {
    this.#connections?.close();
    for (const loading of this.#encodings.values()) {
      await loading.then((encoding) => this.#engine.closeEncoding(encoding)).catch(() => undefined);
    }
    this.#encodings.clear();
  }

  /** Handles that the engines have open: zero after everything was closed. */
  async liveHandles(): Promise<number> {
    return (this.#engine?.liveHandles() ?? 0) + (await this.#packs.liveHandles());
  }

  // -- packs

  openPack(
    source: Argument<'openPack'>,
    { signal, progress }: CallContext<'openPack'>,
  ): Promise<OpenedPack> {
    return this.#packs.open(source, signal, progress);
  }

  search(
    { packs, query, options, access }: Argument<'search'>,
    { signal }: CallContext<'search'>,
  ): Promise<Found> {
    const { limit, include, exclude, preferPath } = options;
    const asked = { text: query, limit, include, exclude, prefer_path: preferPath };
    return this.#search(packs, [asked], access, signal);
  }

  async #search(
    packs: number[],
    queries: Query[],
    access: string,
    signal?: AbortSignal,
  ): Promise<Found> {
    const spaces = this.#packs.spaces(packs);
    const embeddings = this.#embeddings;
    if (!embeddings || spaces.length === 0) return this.#packs.search(packs, queries, signal);
    const embedded = await Promise.all(
      queries.map(async (query) => ({
        ...query,
        embeddings: await embeddings.embed(query.text, spaces, access, signal),
      })),
    );
    return this.#packs.search(packs, embedded, signal);
  }

  paths({ pack }: Argument<'paths'>): Promise<string[]> {
    return this.#packs.paths(pack);
  }

  file({ pack, path }: Argument<'file'>): Promise<SourceText> {
    return this.#packs.file(pack, path);
  }

  closePack({ pack }: Argument<'closePack'>): Promise<void> {
    return this.#packs.close(pack);
  }

  async keptPacks() {
    return keptPacks();
  }

  async openKept(
    { id }: Argument<'openKept'>,
    { signal }: CallContext<'openKept'>,
  ): Promise<OpenedPack> {
    return this.#packs.open({ blob: await keptFile(id) }, signal);
  }

  async removeKept({ id }: Argument<'removeKept'>): Promise<void> {
    await removeKept(id);
  }

  // -- indexing

  async index(
    { source, options }: Argument<'index'>,
    context: CallContext<'index'>,
  ): Promise<OpenedPack> {
    const { keep: isKept, ...settings } = options;
    const { include = [], exclude = [] } = settings;
    if (!isKept) {
      const { bytes, report } = await index(this.#asset, source, this.#edge, settings, context);
      return { ...(await this.#packs.open({ bytes }, context.signal)), report };
    }
    const { bytes, forward, report } = await index(
      this.#asset,
      source,
      this.#edge,
      { ...settings, key: randomId() },
      context,
      (repository) => refreshable({ repository, commit: '', include, exclude }),
    );
    const opened = await this.#packs.open({ bytes }, context.signal);
    try {
      await keep(opened.info, bytes, forward);
    } catch (error) {
      await this.#packs.close(opened.pack);
      throw error;
    }
    return { ...opened, report };
  }

  // -- asking

  async providers(): Promise<Providers> {
    await this.#load();
    const listed = await this.#listedByEdge();
    this.#listing = {
      providers: listed ?? this.#engine.offlineProviders(),
      fromEdge: listed !== undefined,
    };
    return this.#listing.providers;
  }

  async plan({ request, provider, model }: Argument<'plan'>): Promise<Plan> {
    await this.#load();
    const chosen = await this.#chooseModel(provider, model);
    return this.#engine.plan(await this.#encoding(chosen.encoding), request, chosen);
  }

  /** Only what may be too long is counted: a vocabulary is slow to fetch. */
  async isSearched({ question, provider, model }: Argument<'isSearched'>): Promise<boolean> {
    await this.#load();
    const known = this.#engine.isSearched(question, 0);
    if (known !== undefined) return known;
    const { encoding } = await this.#chooseModel(provider, model);
    return this.#engine.isSearched(question, await this.#encoding(encoding)) ?? true;
  }

  async #chooseModel(provider: string, model: string): Promise<ChosenModel> {
    const listing = this.#listing?.providers ?? (await this.providers());
    return this.#engine.chooseModel(provider, model, listing);
  }

  async ask({ request, key, access }: Argument<'ask'>, context: CallContext<'ask'>): Promise<void> {
    await this.#load();
    this.#setAccess(access);
    return this.#read(context, (onEvent) => this.#connections.ask(request, key, onEvent));
  }

  async research(
    { request, key, access, pack, asked }: Argument<'research'>,
    context: CallContext<'research'>,
  ): Promise<void> {
    await this.#load();
    this.#setAccess(access);
    const searched = await this.isSearched(asked).catch(() => true);
    const where = { pack, searched };
    return this.#read(context, (onEvent) =>
      this.#connections.research(request, key, where, onEvent),
    );
  }

  #setAccess(access: string): void {
    this.#access = access;
    this.#connections.setAccess(access);
  }

  async follow(place: Argument<'follow'>, context: CallContext<'follow'>): Promise<void> {
    await this.#load();
    return this.#read(context, (onEvent) => this.#connections.follow(place, onEvent));
  }

  async connection() {
    await this.#load();
    return this.#connections.figures();
  }

  async pageNews(news: Argument<'pageNews'>): Promise<void> {
    if (news === 'awake') this.#connections?.woken();
    else this.#connections?.networkChanged(news === 'online');
  }

  /** Until the answer's last event; aborting is a Stop. */
  #read(
    { signal, progress }: CallContext<'ask' | 'research' | 'follow'>,
    begin: (onEvent: OnEvent) => number,
  ): Promise<void> {
    return new Promise((resolve) => {
      // An answer can end before `begin` has returned: cancelling it then has nothing to name.
      let ref = 0;
      const cancel = () => this.#connections.cancel(ref);
      signal.addEventListener('abort', cancel);
      ref = begin((event, last) => {
        progress(event);
        if (!last) return;
        signal.removeEventListener('abort', cancel);
        resolve();
      });
      if (signal.aborted) cancel();
    });
  }

  /** For an ask without passages: from its pack, or the open one of its repository. */
  async #find(wanted: Find, pack: number): Promise<FoundHere | undefined> {
    const asked = pack || (await this.#packs.packOf(wanted.repository));
    if (asked === 0) return undefined;
    const { hits } = await this.#search([asked], wanted.queries, this.#access);
    const file = wanted.file
      ? await this.#packs.file(asked, wanted.file).catch(() => undefined)
      : undefined;
    return file ? { hits, file } : { hits };
  }

  /** A few rows of it serve a question: on a web server it is read by ranges. */
  async #loadWords(assets: URL): Promise<Loaded> {
    if (assets.protocol === 'file:') return { whole: await this.#asset(WORDS) };
    return loadAddress(new URL(WORDS, assets), undefined, { wholeBytes: WORDS_WHOLE_BYTES });
  }

  async #listedByEdge(): Promise<Providers | undefined> {
    if (!this.#edge) return undefined;
    try {
      const signal = AbortSignal.timeout(PROVIDERS_MS);
      const response = await fetch(new URL('v1/providers', this.#edge), { signal });
      if (response.ok) this.#connections.httpAnswered();
      return response.ok ? ((await response.json()) as Providers) : undefined;
    } catch {
      return undefined;
    }
  }

  #onStatus(status: ConnectionStatus): void {
    // An edge that is back may offer more than what was listed without it.
    if (status !== 'offline' && this.#listing?.fromEdge === false) this.#listing = undefined;
    this.#host.onStatus(status);
  }

  /** What prompts are counted with where no edge counts them: the same as the plan says. */
  #localEncoding(): EncodingName {
    return this.#engine.chooseModel('', '', this.#engine.offlineProviders()).encoding;
  }

  /** Each vocabulary is fetched when it is first needed, once. */
  #encoding(name: EncodingName): Promise<number> {
    const known = this.#encodings.get(name);
    if (known) return known;
    const loading = this.#asset(`${name}.bin`).then((bytes) => this.#engine.openEncoding(bytes));
    this.#encodings.set(name, loading);
    loading.catch(() => this.#encodings.delete(name));
    return loading;
  }
}

/** What a call with an unknown name gets. */
export function unknownCall(name: string): Error {
  return failure('internal', `There is no call ${name}.`, 'Load page and worker of one version.');
}
