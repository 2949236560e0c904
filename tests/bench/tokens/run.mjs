// npm run bench:tokens: Weir's counter beside npm's tokenizers, in one process, taking turns.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cmake, root, run } from '../../../.ci/steps.mjs';
import { cliffs, corpora } from './corpora.mjs';
import { isPeer, subjects } from './subjects.mjs';

const USAGE = `npm run bench:tokens -- [--encodings cl100k_base,o200k_base] [--corpora 'prose,code,cjk,short,cold,cold cjk']
    [--subjects 'tiktoken;gpt-tokenizer;ai-tokenizer;Weir, wasm;Weir, native'] [--repetitions 7] [--cliffs] [--first]`;

const { values: options } = parseArgs({
  options: {
    encodings: { type: 'string', default: 'cl100k_base,o200k_base' },
    corpora: { type: 'string', default: 'prose,code,cjk,short,cold,cold cjk' },
    subjects: { type: 'string', default: Object.keys(subjects).join(';') },
    repetitions: { type: 'string', default: '7' },
    cliffs: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const bytesOf = (texts) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const megabytesPerSecond = (bytes, nanoseconds) => (1000 * bytes) / nanoseconds;
const shown = (figure) => (figure < 100 ? figure.toPrecision(2) : figure.toFixed(0));

async function build() {
  const folder = join(root, 'build/bench');
  if (!options.built) {
    await cmake('wasm', ['weir-counter', 'weir-engine', 'weir_vocabularies']);
    await run('node', ['wasm/build.mjs', '--to', 'build/bench-package']);
    await run('cmake', ['--preset', 'release', '-B', folder, '-DWEIR_TESTS=ON', '--log-level=NOTICE']); // prettier-ignore
    await run('cmake', ['--build', folder, '--target', 'token_counts']);
  }
  return {
    packageFolder: join(root, 'build/bench-package'),
    nativeProgram: join(folder, 'bin/token_counts'),
  };
}

/** Best of several passes over the same texts, the subjects taking turns. */
async function warm(measures, texts) {
  const best = new Map();
  for (let repetition = -1; repetition < Number(options.repetitions); repetition++) {
    for (const [name, measure] of measures) {
      const { nanoseconds } = await measure(texts);
      if (repetition >= 0) best.set(name, Math.min(best.get(name) ?? Infinity, nanoseconds));
    }
  }
  return best;
}

/** One pass over each text, never seen before: the median of their times, as if for all of them. */
async function cold(measures, texts) {
  const times = new Map([...measures.keys()].map((name) => [name, []]));
  for (const text of texts) {
    for (const [name, measure] of measures) {
      const { nanoseconds } = await measure([text]);
      times.get(name).push(nanoseconds / bytesOf([text]));
    }
  }
  const bytes = bytesOf(texts);
  return new Map([...times].map(([name, of]) => [name, bytes * median(of)]));
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Every subject must count the same, or it is not the same work; the peers are told on, and go on. */
async function disagreements(measures, texts) {
  const reference = (await measures.get('tiktoken')?.(texts))?.tokens;
  const wrong = [];
  for (const [name, measure] of measures) {
    const { tokens } = await measure(texts);
    if (reference !== undefined && tokens !== reference)
      wrong.push(`${name} ${tokens - reference}`);
  }
  return wrong;
}

function line(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

async function benchmark(encoding, chosen, texts) {
  const measures = new Map();
  for (const name of chosen) measures.set(name, await subjects[name](encoding, builds));
  console.log(`\n${encoding}, MB/s (x the fastest of npm's)\n`);
  line(['', ...chosen]);
  line(['---', ...chosen.map(() => '---')]);
  for (const [corpus, of] of Object.entries(texts)) {
    const times = await (corpus.startsWith('cold') ? cold : warm)(measures, of);
    const bytes = bytesOf(of);
    const fastest = Math.min(
      ...[...times].filter(([name]) => isPeer(name)).map(([, time]) => time),
    );
    const cells = [...times].map(([name, time]) => {
      const ratio = isPeer(name) || fastest === Infinity ? '' : `, ${shown(fastest / time)} x`;
      return shown(megabytesPerSecond(bytes, time)) + ratio;
    });
    line([corpus, ...cells]);
    if (corpus.startsWith('cold')) continue;
    const wrong = await disagreements(measures, of);
    if (wrong.length > 0) console.log(`(tokens more or less than tiktoken's: ${wrong.join(', ')})`);
  }
  for (const measure of measures.values()) measure.end?.();
}

/** How much longer a byte of a hard text takes than a byte of prose. */
async function benchmarkCliffs(encoding, chosen) {
  const own = chosen.filter((name) => !isPeer(name));
  const measures = new Map();
  for (const name of own) measures.set(name, await subjects[name](encoding, builds));
  console.log(`\n${encoding}, time a byte, x prose\n`);
  line(['', ...own]);
  line(['---', ...own.map(() => '---')]);
  const prose = corpora().prose;
  const times = await warm(measures, prose);
  for (const [name, text] of Object.entries(cliffs())) {
    const hard = await warm(measures, [text]);
    const ratio = (subject) =>
      hard.get(subject) / bytesOf([text]) / (times.get(subject) / bytesOf(prose));
    line([name, ...own.map((subject) => shown(ratio(subject)))]);
  }
  for (const measure of measures.values()) measure.end?.();
}

/** Milliseconds to a first count, each time in a new process, the two taking turns. */
function benchmarkFirst(encoding) {
  const times = { weir: [], 'gpt-tokenizer': [] };
  const program = join(root, 'tests/bench/tokens/first_count.mjs');
  for (let repetition = 0; repetition < Number(options.repetitions); repetition++) {
    for (const [subject, taken] of Object.entries(times)) {
      const answer = execFileSync('node', [program, subject, encoding, builds.packageFolder]);
      taken.push(JSON.parse(answer).milliseconds);
    }
  }
  const [own, peer] = Object.values(times).map(median);
  line([encoding, shown(own), shown(peer), `${shown(own / peer)} x`]);
}

if (options.help) {
  console.log(USAGE);
  process.exit();
}
const builds = await build();
const chosen = options.subjects.split(';');
const all = corpora();
if (options.first) {
  line(['first count, ms', 'Weir, wasm', 'gpt-tokenizer', '']);
  line(['---', '---', '---', '---']);
}
const texts = Object.fromEntries(options.corpora.split(',').map((name) => [name, all[name]]));
for (const encoding of options.encodings.split(',')) {
  if (options.first) benchmarkFirst(encoding);
  else if (options.cliffs) await benchmarkCliffs(encoding, chosen);
  else await benchmark(encoding, chosen, texts);
}
