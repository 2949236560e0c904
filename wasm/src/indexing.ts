/** Indexing: each pack is made by a module of its own, whose memory goes with it. */
import type { IndexReport, SourceFile } from './api.js';
import { throwIfAborted } from './errors.js';
import { admittedFiles, readAhead } from './files.js';
import { IndexEngine, type IndexSettings, type Refreshable } from './index-engine.js';
import { Intake } from './intake.js';
import type { BoundaryExports } from './memory.js';
import { type ReadAsset, instantiate } from './module.js';
import type { CallContext, IndexSource } from './protocol.js';

/** The table of words, beside the modules. */
export const WORDS = 'words.bin';

const PROGRESS_MS = 100;
/** After this long without a pause, messages (a cancel among them) get their turn. */
const BREATH_MS = 32;

export interface Indexed {
  repository: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** What it can be refreshed from; empty where the settings had no key. */
  forward: Uint8Array<ArrayBuffer>;
  report: IndexReport;
}

/** What is kept of a repository, to be refreshed. */
export type FindEarlier = (repository: string) => Promise<Refreshable | undefined>;

export async function index(
  asset: ReadAsset,
  source: IndexSource,
  edge: URL | null,
  settings: IndexSettings,
  context: CallContext<'index'>,
  findEarlier: FindEarlier = async () => undefined,
): Promise<Indexed> {
  const [exports, words] = await Promise.all([
    instantiate<BoundaryExports>(asset, 'weir-index.wasm'),
    asset(WORDS),
  ]);
  const { signal } = context;
  const intake = new Intake(new IndexEngine(exports, settings, words), settings.repository);
  try {
    const admitted = admittedFiles(source, edge, intake, signal);
    await takeIn(changedFiles(admitted, intake, findEarlier), intake, context);
  } catch (error) {
    // Whatever a source says that was broken off.
    throwIfAborted(signal);
    throw error;
  }
  const { repository } = intake;
  const report = intake.report();
  const bytes = intake.finish();
  return { repository, report, bytes, forward: intake.forward() };
}

/** What has to be read; all else is taken over from what was kept. */
async function* changedFiles(
  files: AsyncIterable<SourceFile>,
  intake: Intake,
  findEarlier: FindEarlier,
): AsyncGenerator<SourceFile> {
  let looked = false;
  for await (const file of files) {
    if (!looked) {
      // A source may tell the repository's name just before its first file.
      const earlier = await findEarlier(intake.repository);
      if (earlier) intake.refresh(earlier);
      looked = true;
    }
    if (!intake.addUnchanged(file.path, file.size, file.modified)) yield file;
  }
}

async function takeIn(
  files: AsyncIterable<SourceFile>,
  intake: Intake,
  { signal, progress }: CallContext<'index'>,
): Promise<void> {
  const report = () => progress(intake.progress());
  const pace = new Pace(report);
  for await (const { path, size, modified, bytes } of readAhead(files, signal)) {
    const content = await bytes;
    if (content) intake.add(path, content, modified);
    else intake.leaveOut(path, size, 'unreadable');
    await pace.step();
    throwIfAborted(signal);
  }
  report();
}

/** Reports now and then, and lets messages in between. */
class Pace {
  readonly #report: () => void;
  #reported = performance.now();
  #breathed = performance.now();

  constructor(report: () => void) {
    this.#report = report;
  }

  async step(): Promise<void> {
    const now = performance.now();
    if (now - this.#reported >= PROGRESS_MS) {
      this.#reported = now;
      this.#report();
    }
    if (now - this.#breathed < BREATH_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#breathed = performance.now();
  }
}
