// npm run bench:page: the page in Chromium: how fast it indexes, opens and searches, and what its longest task is.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { root, run } from '../../../.ci/steps.mjs';
import { tarOf } from '../../support/archives.mjs';
import { launchOptions } from '../../support/chromium.mjs';
import { startEdge } from '../../support/edge.mjs';
import * as corpora from '../search/corpus.mjs';
import { median, percentile, shown } from '../search/figures.mjs';
import { longestTask } from './trace.mjs';

const USAGE = `npm run bench:page -- [--corpus FOLDER] [--questions 100] [--repetitions 3] [--built]`;

const { values: options } = parseArgs({
  options: {
    corpus: { type: 'string' },
    questions: { type: 'string', default: '100' },
    repetitions: { type: 'string', default: '3' },
    built: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const PACK = 'bench.weir';
/** Of an archive's chooser, until the repository is open. */
const INDEXING_MS = 120_000;

/** Chooses the archive as a reader does. Milliseconds until the page can be asked, and the trace of it. */
async function indexing(browser, address, archive) {
  const page = await browser.newPage();
  await page.goto(address);
  await page.locator('.chooser-facts').waitFor(); // of what is offered
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  const begin = performance.now();
  await page.locator('input[type=file][accept]').first().setInputFiles(archive);
  await page
    .getByText('What would you like to know about bench?')
    .waitFor({ timeout: INDEXING_MS });
  const ms = performance.now() - begin;
  const task = longestTask(JSON.parse((await browser.stopTracing()).toString('utf8')));
  await page.context().close();
  return { ms, task };
}

/** In the page: opens the pack's bytes anew each time, and asks each question, with the page's own package. */
async function searching([pack, questions, repetitions]) {
  const { createWeir } = await import(new URL('weir/index.js', document.baseURI).href);
  const weir = await createWeir();
  const bytes = new Uint8Array(await (await fetch(pack)).arrayBuffer());
  const timed = async (work) => {
    const begin = performance.now();
    const result = await work();
    return { result, ms: performance.now() - begin };
  };
  const opening = [];
  let opened;
  for (let i = 0; i <= repetitions; i++) {
    opened?.close();
    const { result, ms } = await timed(() => weir.openPack(bytes));
    opened = result;
    if (i > 0) opening.push(ms);
  }
  const asking = [];
  for (const round of ['cold', 'warm']) {
    for (const question of questions) {
      const { ms } = await timed(() => opened.search(question, { limit: 10 }));
      if (round === 'warm') asking.push(ms);
    }
  }
  return { opening, asking, chunks: opened.info.chunks };
}

async function measure(browser, edge, archive, questions) {
  const repetitions = Number(options.repetitions);
  const runs = [];
  for (let i = 0; i < repetitions; i++) runs.push(await indexing(browser, edge.url, archive));
  const page = await browser.newPage();
  await page.goto(edge.url);
  const pack = new URL(`/packs/${PACK}`, edge.url).href;
  const found = await page.evaluate(searching, [pack, questions, 5 * repetitions]);
  return { runs, ...found };
}

function report(bytes, files, { runs, opening, asking, chunks }) {
  const ms = median(runs.map((one) => one.ms));
  const longest = runs.map(({ task }) => task).sort((a, b) => b.cpu - a.cpu)[0];
  console.log(`${files} files, ${shown(bytes / 1e6)} MB, ${chunks} chunks\n`);
  const rows = [
    ['indexing, from choosing the archive', `${shown(ms)} ms, ${shown(bytes / 1000 / ms)} MB/s`],
    ["the page's longest task meanwhile", `${shown(longest.cpu)} ms of CPU, ${shown(longest.ms)} ms by the clock`],
    ['opening the pack, its bytes being there', `${shown(median(opening))} ms`],
    ['a question', `p50 ${shown(median(asking))} ms, p95 ${shown(percentile(asking, 0.95))} ms`],
  ]; // prettier-ignore
  for (const [what, figure] of rows) console.log(`| ${what} | ${figure} |`);
}

async function main() {
  if (!options.built) await run('node', ['.ci/build.mjs']);
  const { folder, include } = corpora.placeOf(options.corpus);
  const files = corpora.readFiles(folder, include);
  const temporary = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  let edge;
  let browser;
  try {
    const globs = include.flatMap((glob) => ['--include', `/${glob}`]);
    const program = join(root, 'dist/bin/weir');
    const pack = join(temporary, PACK);
    execFileSync(program, ['index', '--no-forward', folder, '-o', pack, ...globs], {
      stdio: 'pipe',
    });
    const archive = join(temporary, 'bench.tar');
    writeFileSync(
      archive,
      await tarOf(files.map(({ path, content }) => ({ path, bytes: content }))),
    );
    edge = await startEdge({ args: ['--site', join(root, 'dist/site'), '--packs', temporary] });
    browser = await chromium.launch(launchOptions);
    const questions = corpora.questionsFrom(files, Number(options.questions));
    const figures = await measure(browser, edge, archive, questions.map(({ query }) => query)); // prettier-ignore
    report(
      files.reduce((sum, { content }) => sum + content.length, 0),
      files.length,
      figures,
    );
  } finally {
    await browser?.close();
    await edge?.stop();
    rmSync(temporary, { recursive: true });
  }
}

if (options.help) console.log(USAGE);
else await main();
