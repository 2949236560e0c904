/**
 * What `weir` offers: the types of its public interface, and nothing that runs.
 *
 * Data that crosses the client protocol keeps the protocol's own member names (snake_case), so that
 * this page and shared/weir/wire/PROTOCOL.md describe the same objects.
 */

/** Where a passage lies. Lines are counted from 1; both ends are included. */
export interface PassageRef {
  path: string;
  start_line: number;
  end_line: number;
}

export interface Passage extends PassageRef {
  text: string;
}

export interface DroppedPassage extends PassageRef {
  /** A plain phrase, for example "no room in the model's context". */
  why: string;
}

export type ErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden_origin'
  | 'not_found'
  | 'request_too_large'
  | 'context_too_long'
  | 'rate_limited'
  | 'queue_full'
  | 'provider_auth'
  | 'provider_quota'
  | 'provider_model_missing'
  | 'provider_unreachable'
  | 'provider_timeout'
  | 'provider_cut'
  | 'provider_error'
  | 'cancelled'
  | 'internal'
  | 'pack_damaged'
  | 'pack_unsupported';

/** Thrown (as a rejected promise) by everything but `ask` and `follow`, whose failures are events. */
export interface WeirError extends Error {
  code: ErrorCode;
  /** What to do about it; may be empty. */
  hint: string;
}

interface Logged {
  /** Position in the answer's log; absent on events that concern this reader alone. */
  cursor?: number;
}

/** What a turn of research is for. */
export type ResearchStage = 'plan' | 'update' | 'conclusion';

/** What happens in an answer, in order, each once. `done` or `error` is the last. */
export type AnswerEvent = Logged &
  (
    | {
        /** A turn of research begins; what follows, up to the next `stage`, is its answer. */
        type: 'stage';
        stage: ResearchStage;
        /** Its number, from 1, and how many there can be. */
        turn: number;
        turns: number;
        /** What the turn before asked to look up; empty: the question itself was looked up. */
        queries: string[];
        /** What was found for it in `AskOptions.pack`; absent where the edge retrieves. */
        hits?: Hit[];
      }
    | {
        type: 'accepted';
        /** 32 hexadecimal digits: the right to read this answer. */
        answer: string;
        provider: string;
        model: string;
        prompt_tokens: number;
        /** What the model allows, prompt and answer together. */
        context_tokens: number;
        /** False where the model's own encoding is not public: the count is an estimate. */
        exact: boolean;
        /** In the order in which the answer cites them: [1] is kept[0]. */
        kept: PassageRef[];
        dropped: DroppedPassage[];
        dropped_messages: number;
        /** It comes from an equal request's answer, which had not ended yet, or had. */
        reused?: 'running' | 'ended';
        /** True where the answer is composed on this device: no edge has it, nobody can follow it. */
        local?: true;
      }
    | { type: 'queued'; position: number }
    | {
        type: 'notice';
        kind: 'no_passages' | 'context_dropped' | 'provider_switched' | 'retrying' | 'draining';
        message: string;
        /** Who answers now, with `provider_switched`. */
        provider?: string;
        model?: string;
      }
    | { type: 'reasoning'; text: string }
    | { type: 'delta'; text: string }
    | { type: 'usage'; prompt: number; completion: number }
    | { type: 'tool_call'; index: number; id: string; name: string; arguments: string }
    | {
        type: 'done';
        finish_reason: string;
        /** Where the time went at the edge, one behind the other; absent where nobody was asked. */
        timing?: {
          /** Searching its packs; waiting for a turn; until the request was on its way. */
          retrieval_ms: number;
          queue_ms: number;
          connect_ms: number;
          /** From there to the first of the answer, and from that to the last. */
          first_ms: number;
          text_ms: number;
          /** From the ask to the end. */
          whole_ms: number;
          /** Of providers. */
          calls: number;
        };
        /** By the provider's count of tokens and the operator's prices, in millionths. */
        price?: { micros: number; currency: string };
      }
    | {
        type: 'error';
        code: ErrorCode;
        message: string;
        hint: string;
        provider: string;
        retryable: boolean;
        retry_after_ms?: number;
      }
    | { type: 'gap'; kept_from: number }
  );

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** The protocol's ChatCompletionRequest (shared/weir/prompt/request.hpp). */
export interface ChatRequest {
  repo_url: string;
  /** The last one is the user's question. */
  messages: Message[];
  /** Passages found here; absent: the edge retrieves from its own packs. */
  context?: Passage[];
  /** A file that the question is about. */
  filePath?: string;
  /** Its text, from the first line on: it stands before the passages. */
  file?: Passage;
  provider?: string;
  model?: string;
  language?: string;
  /**
   * Looks into the question in up to five turns, each an answer of its own: a plan, updates, and a
   * conclusion. A `stage` event begins each. Passages in `context` serve the first turn.
   */
  research?: boolean;
  /**
   * True: the provider is asked, whatever it was asked before. Otherwise an edge may give the answer
   * of an equal request of this client, which then says so (`reused`).
   */
  no_cache?: boolean;
}

/** How the page reaches its edge. `offline`: no edge, or none that answers. */
export type ConnectionStatus = 'connecting' | 'websocket' | 'http' | 'offline';

/** How the edge is reached, and what that took since createWeir, all answers together. */
export interface ConnectionFigures {
  status: ConnectionStatus;
  /** WebSockets tried; one carries all answers, so more than one means that one was lost or refused. */
  sockets_opened: number;
  /** Requests sent for answers over HTTP; listings and packs are not counted. */
  http_exchanges: number;
  /** How often an answer was asked for again after a cut, on either transport. */
  resumes: number;
  /** Of answers: texts over WebSocket and bodies over HTTP, without what is around them. */
  bytes_received: number;
}

export interface ModelInfo {
  id: string;
  context_tokens: number;
  answer_tokens: number;
  encoding: EncodingName;
  /** False: its own encoding is not public or not built in, and counting with this one is an estimate. */
  exact: boolean;
  /** By so much, at most, an estimate was off where it was measured; absent where nobody could. */
  error_percent?: number;
  /** It can call tools. */
  tools: boolean;
}

export interface Providers {
  default: { provider: string; model: string };
  /** False where only `extract`, which needs no model, can answer. */
  configured: boolean;
  providers: { name: string; models: ModelInfo[] }[];
}

/** What a prompt would hold, counted exactly as the edge will count it. */
export interface Plan {
  provider: string;
  model: string;
  prompt_tokens: number;
  context_tokens: number;
  answer_tokens: number;
  exact: boolean;
  kept: PassageRef[];
  dropped: DroppedPassage[];
  dropped_messages: number;
}

export interface PackInfo {
  repository: string;
  /** Empty where it is not known. */
  commit: string;
  /** When that was made, in seconds since 1970; absent where it is not known. */
  time?: number;
  /** The globs that it was made with. */
  include: string[];
  exclude: string[];
  files: number;
  chunks: number;
  /** Of source text. */
  text_bytes: number;
  pack_bytes: number;
  /** What its embeddings are of, where it carries some. */
  embeddings?: EmbeddingSpace;
}

/** The vectors of one provider's model, with so many dimensions. */
export interface EmbeddingSpace {
  provider: string;
  model: string;
  dimensions: number;
  /** These dimensions were asked for; else they are the model's own. */
  shortened: boolean;
}

/**
 * By what passages were compared with a query in meaning: `provider`, the model that made the
 * embeddings of a pack, for one that was searched at least; `built-in`, the table of words that works
 * offline; `none`, words alone.
 */
export type Meaning = 'provider' | 'built-in' | 'none';

/** Why a passage was found. */
export interface FoundBy {
  /** Of its text and path, those that the query has, in small letters. */
  words: string[];
  /** What it defines is called by words of the query. */
  name: boolean;
  /** Its file is nearer in meaning than most that were compared. */
  meaning: boolean;
}

export interface Hit extends Passage {
  /** Its pack's place among those that were searched: 0 where one was. */
  pack: number;
  /** Larger is better; comparable within one search only, between its packs too. */
  score: number;
  /** Ranges of `text` (UTF-16 offsets, as strings count) that matched the query. */
  matches: { begin: number; end: number }[];
  /** A name defined in the passage, or empty. */
  symbol: string;
  found_by: FoundBy;
}

/** What was found, best first. */
export type Hits = Hit[] & { readonly meaning: Meaning };

export interface SearchOptions {
  /** At most this many passages; 10 unless told. */
  limit?: number;
  /** gitignore-style globs. */
  include?: string[];
  exclude?: string[];
  /** A file whose passages come first. */
  preferPath?: string;
  /** Aborting rejects with `cancelled`. */
  signal?: AbortSignal;
}

export interface SourceText {
  path: string;
  text: string;
  lines: number;
}

/** A repository's index, open for searching. */
export interface Pack {
  readonly info: PackInfo;
  /** What was left out and converted; of a pack that `index` has just made. */
  readonly report?: IndexReport;
  search(query: string, options?: SearchOptions): Promise<Hits>;
  /** Paths of all files, in order. */
  paths(): Promise<string[]>;
  /** Rejects with `not_found`. */
  file(path: string): Promise<SourceText>;
  close(): void;
}

export interface OpenOptions {
  signal?: AbortSignal;
  onProgress?(progress: { loaded_bytes: number; total_bytes?: number }): void;
}

/** A file to index; `bytes` is called only if its name and size are admitted. */
export interface SourceFile {
  path: string;
  size: number;
  /** When it was changed last, in milliseconds since 1970; with the same it is not read again. */
  modified?: number;
  bytes(): Promise<Uint8Array>;
}

/** A repository at a forge that the edge may fetch from. */
export interface RepositoryAddress {
  /** As it is copied from the forge's page or from git. */
  url: string;
  /** A branch, a tag or a commit; the default branch unless told. */
  ref?: string;
  /**
   * Of the reader's, for a private repository: passed on by the edge to the forge for this one
   * request, and not kept by anybody.
   */
  token?: string;
}

/**
 * A folder handle (File System Access API), files of a folder input, an archive (.zip, .tar.gz or
 * .tar), a repository's address, or anything that yields files. Of folders, lists and archives,
 * .gitignore files are honoured; what git itself has packed is what it tracks.
 */
export type FileSource =
  FileSystemDirectoryHandle | File[] | Blob | RepositoryAddress | AsyncIterable<SourceFile>;

export interface IndexProgress {
  /** Taken in so far. */
  files: number;
  /** How many can be at most, where the source tells it beforehand. */
  total_files?: number;
  /** Of text. */
  bytes: number;
  chunks: number;
  /** The share of the source that was worked off, from 0 to 1, where it can be told. */
  done?: number;
  /** Files left out so far, by reason. */
  skipped: Record<string, number>;
}

/** Files that met one fate while a pack was made. */
export interface ReportedFiles {
  /** A plain phrase, for example "generated or minified". */
  reason: string;
  /** A folder that was not walked into counts as one. */
  files: number;
  bytes: number;
  /** The first thousand of them; folders end with a slash. */
  paths: string[];
}

export interface IndexReport {
  /** Taken in, from another encoding than UTF-8. */
  converted: ReportedFiles[];
  left_out: ReportedFiles[];
}

export interface IndexOptions {
  /** Its name, usually owner/name. Of a `RepositoryAddress`: host/owner/name unless told. */
  repository?: string;
  include?: string[];
  exclude?: string[];
  /**
   * Keep the pack on this device (OPFS). Browsers only. What is kept of the same repository and globs
   * is refreshed: files that have not changed since are taken over.
   */
  keep?: boolean;
  signal?: AbortSignal;
  onProgress?(progress: IndexProgress): void;
}

/** A pack kept on this device. */
export interface KeptPack {
  /** Packs of other repositories, commits or globs have other ones. */
  id: string;
  repository: string;
  /** Empty where it is not known. */
  commit: string;
  bytes: number;
  /** Milliseconds since 1970. */
  saved_at: number;
}

/** Packs kept on this device; empty and without effect outside browsers. */
export interface Library {
  list(): Promise<KeptPack[]>;
  open(id: string): Promise<Pack>;
  remove(id: string): Promise<void>;
}

export interface AskOptions {
  /** Aborting cancels the answer at the edge; the iteration then ends with `error{cancelled}`. */
  signal?: AbortSignal;
  /**
   * Names the answer before the edge has: 32 hexadecimal digits (`newKey`), fresh for every question;
   * drawn where it is left out. Asking the same again with the same key reads the same answer, and
   * never runs it twice. A research is named by one key as well.
   */
  key?: string;
  /**
   * For research: what is searched for each turn. Without it the edge searches its own packs, or,
   * where no edge is, the open pack of that repository.
   */
  pack?: Pack;
}

export interface FollowOptions {
  /** The cursor of the last event that was used; from the beginning unless told. */
  after?: number;
  /** The ask's key: whoever has it may cancel. */
  key?: string;
  /**
   * Aborting ends the iteration with `error{cancelled}`. With the key the answer is cancelled at the
   * edge; without it, this reader alone stops.
   */
  signal?: AbortSignal;
}

export interface WeirOptions {
  /** Base address of an edge; null or absent: answers are composed here, without a model. */
  edge?: string | URL | null;
  /** Where weir.wasm, worker.js and the vocabularies lie; beside this module unless told. */
  assets?: string | URL;
  /**
   * What an edge that asks for it is told of who asks: a code, a token, or what gives one, which is
   * called before each question and may renew what expires. It is sent in headers and frames, to
   * the edge alone, never in an address. The wrong one makes an answer end with `unauthorized`.
   */
  access?: string | (() => string | Promise<string>);
  /**
   * False: queries stay on this device. Otherwise those to a pack that carries embeddings go to the
   * edge, which has the pack's model embed them, before they are searched for; where that takes
   * longer than a moment, or fails, the search does without.
   */
  embedQuestions?: boolean;
  onStatus?(status: ConnectionStatus): void;
}

export interface Weir {
  readonly status: ConnectionStatus;
  readonly library: Library;
  /**
   * From an address (fetched) or from bytes. Rejects with `pack_damaged` or `pack_unsupported`; what is
   * damaged further inside is refused with `pack_damaged` by the first search or the file that reads it.
   */
  openPack(
    source: string | URL | Blob | ArrayBuffer | Uint8Array,
    options?: OpenOptions,
  ): Promise<Pack>;
  /** Indexes files in the worker. Rejects with `cancelled` when the signal aborts. */
  index(source: FileSource, options?: IndexOptions): Promise<Pack>;
  /** Searches several packs together: the passages of all, best first. */
  search(packs: Pack[], query: string, options?: SearchOptions): Promise<Hits>;
  /** What the edge can ask; where it cannot be reached, what can be answered here. */
  providers(): Promise<Providers>;
  /** Builds the prompt as the edge will and says what it holds: the token meter. */
  plan(request: ChatRequest): Promise<Plan>;
  /**
   * False where the request's question is so long (over 8,000 tokens) that a repository is not
   * searched for it: ask it without `context`, and the answer says so.
   */
  isSearched(request: ChatRequest): Promise<boolean>;
  /**
   * Asks. Leaving the iteration early (`break`) cancels the answer, as aborting does.
   */
  ask(request: ChatRequest, options?: AskOptions): AsyncIterableIterator<AnswerEvent>;
  /**
   * Reads an answer that was asked for before, here or elsewhere, running or ended, by the id that
   * `accepted` told. Leaving the iteration early is like aborting: with the key it cancels.
   */
  follow(answer: string, options?: FollowOptions): AsyncIterableIterator<AnswerEvent>;
  /** A key for `ask`: 128 bits that nobody can guess. */
  newKey(): string;
  /** What has happened between here and the edge. */
  connection(): Promise<ConnectionFigures>;
  /** Ends the worker and everything in it. */
  dispose(): void;
}

export type EncodingName = 'cl100k_base' | 'o200k_base' | 'qwen3';

/** Counts a model's tokens exactly, synchronously, wherever JavaScript runs. */
export interface Counter {
  readonly encoding: EncodingName;
  count(text: string): number;
  /** What `count` says of each text, in one call. */
  countAll(texts: readonly string[]): Uint32Array;
  encode(text: string): Uint32Array;
  /**
   * How much of the text, from its beginning, is at most so many tokens by itself; `text.slice(0, n)`
   * is that part. All of it where it fits; else up to the last line end that fits or, where no whole
   * line does, as much as can be cut off between words, or else between characters.
   */
  fitting(text: string, tokens: number): number;
  /** A running count of text that grows, in time proportional to what is added. */
  incremental(): IncrementalCount;
  dispose(): void;
}

export interface IncrementalCount {
  append(text: string): void;
  readonly total: number;
  dispose(): void;
}
