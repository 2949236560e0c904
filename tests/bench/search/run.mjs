// npm run bench:search: Weir's search in WebAssembly beside npm's engines, in one process, taking turns.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from '../../../.ci/steps.mjs';
import { load } from '../../support/package.mjs';
import * as corpora from './corpus.mjs';
import { mean, median, percentile, qualityOf, shown, table } from './figures.mjs';
import { textPeers, vectorPeers } from './subjects.mjs';

const USAGE = `npm run bench:search -- [--corpus FOLDER] [--queries FILE.jsonl [--repository NAME]] [--built]
    [--peers 'MiniSearch;Orama;hnswlib-wasm;EdgeVec'] [--questions 100] [--repetitions 5]`;

const peerNames = [...Object.keys(textPeers), ...Object.keys(vectorPeers)];
const { values: options } = parseArgs({
  options: {
    corpus: { type: 'string' },
    queries: { type: 'string' },
    repository: { type: 'string' },
    peers: { type: 'string', default: peerNames.join(';') },
    questions: { type: 'string', default: '100' },
    repetitions: { type: 'string', default: '5' },
    built: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const WANTED = 10;
/** Passages that are looked through for the ten best files; the times are of `WANTED`. */
const RANKED = 100;
/** Indexing takes long. */
const INDEX_REPETITIONS = 3;
const REPOSITORY = 'bench/search';

const repetitions = Number(options.repetitions);
const turns = (count, subjects) =>
  Array.from({ length: count }, (_, i) => [...subjects.slice(i % subjects.length), ...subjects.slice(0, i % subjects.length)]); // prettier-ignore

/** CPU time of all threads, which other work on the machine stretches far less than the clock's. */
async function timed(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1000 };
}

/** CPU time of a program, as the shell tells it: of its children, "0m1.234s" for user and system. */
function timedProgram(program, args) {
  const script = '"$@" >/dev/null || exit; times';
  const told = execFileSync('bash', ['-c', script, 'bash', program, ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  const ofChildren = told.trim().split('\n')[1];
  const [user, system] = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => 60 * minutes + Number(seconds),
  );
  return 1000 * (user + system);
}

/** The texts that Weir lets in, which are all that anybody gets, and their pack by the native program. */
async function prepare() {
  const { folder, include } = corpora.placeOf(options.corpus);
  const temporary = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  try {
    const all = corpora.readFiles(folder, include);
    const weir = await (await load()).createWeir();
    const first = await weir.index(corpora.sourceOf(all), { repository: REPOSITORY });
    const admitted = new Set(await first.paths());
    first.close();
    const files = all.filter(({ path }) => admitted.has(path));
    const output = join(temporary, 'native.weir');
    const globs = include.flatMap((glob) => ['--include', `/${glob}`]);
    const args = [
      'index',
      '--no-forward',
      folder,
      '-o',
      output,
      ...globs,
      '--repository',
      REPOSITORY,
    ];
    const times = Array.from({ length: INDEX_REPETITIONS }, () =>
      timedProgram(join(root, 'dist/bin/weir'), args),
    );
    return { weir, files, packBytes: readFileSync(output), nativeMs: median(times) };
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

function weirSubject(weir, files, packBytes) {
  return {
    index: () => weir.index(corpora.sourceOf(files), { repository: REPOSITORY }),
    search: async (pack, query, limit) =>
      (await pack.search(query, { limit })).map(({ path }) => path),
    save: () => packBytes,
    open: (bytes) => weir.openPack(bytes),
    close: (pack) => pack.close(),
  };
}

/** Each subject's index, the time that it took to make and to open again, and its size. */
async function indexed(subjects, chunks) {
  const figures = new Map(subjects.map(([name]) => [name, { index: [], open: [] }]));
  for (const turn of turns(INDEX_REPETITIONS, subjects)) {
    for (const [name, subject] of turn) {
      const { result, ms } = await timed(() => subject.index(chunks));
      const saved = subject.save(result);
      const opened = await timed(() => subject.open(saved));
      const of = figures.get(name);
      of.index.push(ms);
      of.open.push(opened.ms);
      of.bytes = saved.length;
      subject.close?.(result);
      if (of.engine) subject.close?.(of.engine);
      of.engine = opened.result;
    }
  }
  return figures;
}

/** Milliseconds of each question, the median of the repetitions, the subjects taking turns. */
async function queryTimes(searches, questions) {
  const times = new Map(searches.map(([name]) => [name, questions.map(() => [])]));
  for (const turn of turns(repetitions + 1, searches)) {
    for (const [name, search] of turn) {
      for (const [i, question] of questions.entries()) {
        times.get(name)[i].push((await timed(() => search(question))).ms);
      }
    }
  }
  const warm = (all) => median(all.slice(1));
  return new Map([...times].map(([name, all]) => [name, all.map(warm)]));
}

function timeCells(own, times) {
  const cell = (share) => {
    const ms = percentile(times, share);
    return `${shown(ms)}${times === own ? '' : `, ${shown(ms / percentile(own, share))} x`}`;
  };
  return [cell(0.5), cell(0.95)];
}

async function benchmarkVectors(names, chunks, questions) {
  const vectors = chunks.map(({ text }) => corpora.vectorOf(text));
  const asked = questions.map(({ query }) => corpora.vectorOf(query));
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const exact = asked.map((vector) => {
    const scores = vectors.map((other) => dot(vector, other));
    const least = [...scores].sort((a, b) => b - a)[WANTED - 1];
    // Of equally near ones any will do.
    return (places) => places.filter((place) => scores[place] >= least - 1e-6).length / WANTED;
  });
  const out = new Map();
  for (const name of names) {
    const subject = vectorPeers[name];
    const { result: engine, ms } = await timed(() => subject.index(vectors));
    const recall = mean(exact.map((of, i) => of(subject.search(engine, asked[i], WANTED))));
    const search = ({ place }) => subject.search(engine, asked[place], WANTED);
    out.set(name, { ms, recall, search, bytes: subject.bytes(engine) });
  }
  return out;
}

async function quality(subjects, figures, questions) {
  const judged = questions.filter(({ relevant }) => relevant?.length > 0);
  const out = new Map();
  if (judged.length === 0) return out;
  for (const [name, subject] of subjects) {
    const all = [];
    for (const { query, relevant } of judged) {
      const paths = await subject.search(figures.get(name).engine, query, RANKED);
      all.push(qualityOf(paths, relevant));
    }
    out.set(name, [mean(all.map(({ ndcg }) => ndcg)), mean(all.map(({ recall }) => recall))]);
  }
  return out;
}

function reportIndexing({ files, nativeMs }, subjects, figures, vectors, chunks) {
  const megabytes = files.reduce((sum, { content }) => sum + content.length, 0) / 1e6;
  const own = figures.get('Weir');
  const rows = [['', 'passages/s', 'MB/s', 'index, MB', 'open, ms']];
  for (const [name] of subjects) {
    const { index, open, bytes, engine } = figures.get(name);
    const ms = median(index);
    const passages = engine.info?.chunks ?? chunks.length;
    const ratio = name === 'Weir' ? '' : `, Weir ${shown(ms / median(own.index))} x`;
    rows.push([name, shown((1000 * passages) / ms), `${shown((1000 * megabytes) / ms)}${ratio}`, shown(bytes / 1e6), shown(median(open))]); // prettier-ignore
  }
  const { chunks: own_chunks } = own.engine.info;
  rows.push(['Weir, native', shown((1000 * own_chunks) / nativeMs), shown((1000 * megabytes) / nativeMs), '', '']); // prettier-ignore
  for (const [name, { ms, bytes }] of vectors) {
    rows.push([`${name} (vectors only)`, shown((1000 * chunks.length) / ms), '', bytes ? shown(bytes / 1e6) : '', '']); // prettier-ignore
  }
  table(rows);
}

function reportQueries(times, qualities, vectors) {
  const own = times.get('Weir');
  const rows = [['', 'p50, ms', 'p95, ms', 'nDCG@10', 'recall@10 of files', 'recall@10 of the exact scan']]; // prettier-ignore
  for (const [name, of] of times) {
    const judged = qualities.get(name)?.map((figure) => figure.toFixed(3)) ?? ['', ''];
    rows.push([name, ...timeCells(own, of), ...judged, vectors.get(name)?.recall.toFixed(3) ?? '']);
  }
  table(rows);
}

async function main() {
  if (!options.built) await run('node', ['.ci/build.mjs']);
  const prepared = await prepare();
  const { weir, files, packBytes } = prepared;
  const chunks = corpora.chunksOf(files);
  const most = Number(options.questions);
  const questions = options.queries
    ? corpora.readQuestions(options.queries, options.repository, most)
    : corpora.questionsFrom(files, most);
  console.log(`${files.length} files, ${chunks.length} passages for the peers, ${questions.length} questions`); // prettier-ignore

  const chosen = options.peers.split(';');
  const texts = Object.entries(textPeers).filter(([name]) => chosen.includes(name));
  const subjects = [['Weir', weirSubject(weir, files, packBytes)], ...texts];
  const figures = await indexed(subjects, chunks);
  const names = Object.keys(vectorPeers).filter((name) => chosen.includes(name));
  const vectors = await benchmarkVectors(names, chunks, questions);
  reportIndexing(prepared, subjects, figures, vectors, chunks);

  const searches = subjects.map(([name, subject]) => [
    name,
    ({ query }) => subject.search(figures.get(name).engine, query, WANTED),
  ]);
  for (const [name, { search }] of vectors) searches.push([name, search]);
  const placed = questions.map((question, place) => ({ ...question, place }));
  const times = await queryTimes(searches, placed);
  reportQueries(times, await quality(subjects, figures, questions), vectors);
  weir.dispose();
}

if (options.help) console.log(USAGE);
else await main();
