/**
 * Everything that passes between a page and its worker. One request, one response; a request may
 * be cancelled, and may report progress before its response. In Node the same calls are made in
 * place, without messages.
 */
import type {
  AnswerEvent,
  ConnectionFigures,
  ConnectionStatus,
  Hit,
  IndexOptions,
  IndexProgress,
  IndexReport,
  KeptPack,
  Meaning,
  PackInfo,
  Plan,
  Providers,
  RepositoryAddress,
  SearchOptions,
  SourceFile,
  SourceText,
} from './api.js';
import type { FailureData } from './errors.js';

/** A pack by the engine's handle. */
export interface OpenedPack {
  pack: number;
  info: PackInfo;
  /** Of a pack that was just made. */
  report?: IndexReport;
}

/** `access`: what the edge is told of who asks; empty: nothing. */
export type PackSource = { url: string; access: string } | { blob: Blob } | { bytes: Uint8Array };

export interface LoadProgress {
  loaded_bytes: number;
  total_bytes?: number;
}

/** Files to index. Where it has to cross to a worker, an iterable does so as a port (pull.ts). */
export type IndexSource =
  | { kind: 'folder'; folder: FileSystemDirectoryHandle }
  | { kind: 'files'; files: { path: string; file: Blob }[] }
  | { kind: 'archive'; blob: Blob }
  | { kind: 'repository'; address: RepositoryAddress; access: string }
  | { kind: 'iterable'; files: AsyncIterable<SourceFile> }
  | { kind: 'port'; port: MessagePort };

export interface StartOptions {
  /** Absolute addresses, both with a slash at the end. */
  edge: string | null;
  assets: string;
  embedQuestions: boolean;
}

/** What is asked of whom. */
export interface Asked {
  question: string;
  provider: string;
  model: string;
}

/** Each call: what goes in, what comes out, and what is told in between. */
export interface Calls {
  start: { argument: StartOptions; result: void; progress: never };
  openPack: { argument: PackSource; result: OpenedPack; progress: LoadProgress };
  index: {
    argument: {
      source: IndexSource;
      options: Pick<IndexOptions, 'repository' | 'include' | 'exclude' | 'keep'>;
    };
    result: OpenedPack;
    progress: IndexProgress;
  };
  search: {
    argument: {
      packs: number[];
      query: string;
      options: Omit<SearchOptions, 'signal'>;
      access: string;
    };
    result: { hits: Hit[]; meaning: Meaning };
    progress: never;
  };
  paths: { argument: { pack: number }; result: string[]; progress: never };
  file: { argument: { pack: number; path: string }; result: SourceText; progress: never };
  closePack: { argument: { pack: number }; result: void; progress: never };
  keptPacks: { argument: null; result: KeptPack[]; progress: never };
  openKept: { argument: { id: string }; result: OpenedPack; progress: never };
  removeKept: { argument: { id: string }; result: void; progress: never };
  providers: { argument: null; result: Providers; progress: never };
  /** `request` is a ChatCompletionRequest as JSON text. */
  plan: {
    argument: { request: string; provider: string; model: string };
    result: Plan;
    progress: never;
  };
  isSearched: {
    argument: Asked;
    result: boolean;
    progress: never;
  };
  /** Its events are progress; the response comes after the last. Cancelling it asks for the end. */
  ask: {
    argument: { request: string; key?: string | undefined; access: string };
    result: void;
    progress: AnswerEvent;
  };
  /** As `ask`, in turns, which are searched for in `pack`; 0: whoever answers retrieves. */
  research: {
    argument: {
      request: string;
      key?: string | undefined;
      access: string;
      pack: number;
      asked: Asked;
    };
    result: void;
    progress: AnswerEvent;
  };
  /** As `ask`; cancelling it without the key ends this reading alone. */
  follow: {
    argument: { answer: string; after: number; key?: string | undefined };
    result: void;
    progress: AnswerEvent;
  };
  connection: { argument: null; result: ConnectionFigures; progress: never };
  /** What only the page is told; the browser tells its worker nothing of it. */
  pageNews: { argument: PageNews; result: void; progress: never };
}

/** `awake`: the page is looked at again, or was frozen and is not any more. */
export type PageNews = 'online' | 'offline' | 'awake';

export type CallName = keyof Calls;

export interface CallContext<Name extends CallName> {
  signal: AbortSignal;
  progress(progress: Calls[Name]['progress']): void;
}

/** What a worker, or the page's own thread, does for each call. */
export type Handlers = {
  [Name in CallName]: (
    argument: Calls[Name]['argument'],
    context: CallContext<Name>,
  ) => Promise<Calls[Name]['result']>;
};

/** Makes calls, wherever they are carried out. */
export interface Backend {
  call<Name extends CallName>(
    name: Name,
    argument: Calls[Name]['argument'],
    options?: {
      signal?: AbortSignal | undefined;
      onProgress?: ((progress: Calls[Name]['progress']) => void) | undefined;
    },
  ): Promise<Calls[Name]['result']>;
  close(): void;
}

// -- messages

export type ToWorker =
  { kind: 'call'; id: number; name: CallName; argument: unknown } | { kind: 'cancel'; id: number };

export type FromWorker =
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'failure'; id: number; failure: FailureData }
  | { kind: 'progress'; id: number; progress: unknown }
  | { kind: 'status'; status: ConnectionStatus };
