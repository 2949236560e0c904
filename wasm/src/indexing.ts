/** Indexing: each pack is made by a module of its own, whose memory goes with it. */
import type { IndexReport, SourceFile } from './api.js';
import { throwIfAborted } from './errors.js';
import { admittedFiles, readAhead } from './files.js';
import { IndexEngine, type IndexSettings } from './index-engine.js';
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
  report: IndexReport;
}

export async function index(
  asset: ReadAsset,
  source: IndexSource,
  edge: URL | null,
  settings: IndexSettings,
  context: CallContext<'index'>,
): Promise<Indexed> {
  const [exports, words] = await Promise.all([
    instantiate<BoundaryExports>(asset, 'weir-index.wasm'),
    asset(WORDS),
  ]);
  const { signal } = context;
  const intake = new Intake(new IndexEngine(exports, settings, words), settings.repository);
  try {
    await takeIn(admittedFiles(source, edge, intake, signal), intake, context);
  } catch (error) {
    // Whatever a source says that was broken off.
    throwIfAborted(signal);
    throw error;
  }
  const { repository } = intake;
  const report = intake.report();
  return { repository, report, bytes: intake.finish() };
}

async function takeIn(
  files: AsyncIterable<SourceFile>,
  intake: Intake,
  { signal, progress }: CallContext<'index'>,
): Promise<void> {
  const report = () => progress(intake.progress());
  const pace = new Pace(report);
  for await (const { path, size, bytes } of readAhead(files, signal)) {
    const content = await bytes;
    if (content) intake.add(path, content);
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
