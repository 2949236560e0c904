// npm run bench:ranges -- PACK < questions: what a pack costs over the network when it is read by ranges. A
// static host on loopback counts what the package asks for, in Node, where nothing is kept between runs.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { load, packageFolder } from '../../support/package.mjs';
import { percentile } from './figures.mjs';

const PACK = 'pack.weir';
const WORDS = 'words.bin';
const SEARCH = 'weir-search.wasm';
/** For asking, not for searching; createWeir loads it. */
const ASKING = 'weir.wasm';

/** Serves the files and notes each answer's file, offset and length. */
async function countingHost(files) {
  const answers = [];
  // Kept connections are never closed here: one that ends just when it is asked again fails.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const name = request.url.slice(1);
    const bytes = files.get(name);
    if (!bytes) return response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const begin = range ? Number(range[1]) : 0;
    const end = range ? Math.min(Number(range[2]) + 1, bytes.length) : bytes.length;
    answers.push({ name, begin, bytes: end - begin });
    const headers = { ETag: '"1"', 'Content-Length': end - begin };
    if (range) headers['Content-Range'] = `bytes ${begin}-${end - 1}/${bytes.length}`;
    response.writeHead(range ? 206 : 200, headers).end(bytes.subarray(begin, end));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${server.address().port}/`;
  return { server, address, taken: () => answers.splice(0) };
}

/** The sections of a pack (shared/weir/retrieval/FORMAT.md): name and where it begins and ends. */
function sectionsOf(pack) {
  const names = 'meta layout paths terms term_index postings text vectors embeddings phrases'.split(
    ' ',
  );
  return Array.from({ length: pack.readUInt32LE(12) }, (_, i) => {
    const at = 32 + 24 * i;
    const begin = Number(pack.readBigUInt64LE(at + 8));
    const end = begin + Number(pack.readBigUInt64LE(at + 16));
    return { name: names[pack.readUInt32LE(at) - 1], begin, end };
  });
}

/** Bytes of the pack and the table of words, in all and by section, and the requests. */
function countedBy(sections) {
  const sectionOf = ({ name, begin }) =>
    name === PACK
      ? (sections.find((section) => begin >= section.begin && begin < section.end)?.name ?? 'head')
      : name;
  return (answers) => {
    const parts = {};
    const counted = answers.filter(({ name }) => name === PACK || name === WORDS);
    for (const answer of counted) {
      const section = sectionOf(answer);
      parts[section] = (parts[section] ?? 0) + answer.bytes;
    }
    const bytes = Object.values(parts).reduce((sum, part) => sum + part, 0);
    return { bytes, parts, requests: counted.length };
  };
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

function report(what, { bytes, parts, requests }) {
  const list = Object.entries(parts).map(([name, part]) => `${name} ${kilobytes(part)}`);
  console.log(`${what}: ${kilobytes(bytes)} in ${requests} requests (${list.join(', ')})`);
}

/** A page's script, its worker's, and what they import at once. */
function scriptsOf(names = ['index.js', 'worker.js']) {
  const found = new Set(names);
  for (const name of found) {
    const text = readFileSync(join(packageFolder, name), 'utf8');
    for (const [, other] of text.matchAll(/^(?:import|export)\b[^;]*?'\.\/([\w-]+\.js)';/gm)) {
      found.add(other);
    }
  }
  return [...found];
}

/** What is loaded once and kept by the browser, compressed as hosts do. */
function reportProgram() {
  const brotli = (name) => brotliCompressSync(readFileSync(join(packageFolder, name))).length;
  const scripts = scriptsOf();
  const bytes = scripts.reduce((sum, name) => sum + brotli(name), 0);
  const modules = [SEARCH, ASKING].map((name) => `${name} ${kilobytes(brotli(name))}`);
  console.log(
    `program, brotli: ${modules.join(', ')}, ${scripts.length} scripts ${kilobytes(bytes)}`,
  );
}

const spread = (numbers) =>
  `median ${kilobytes(percentile(numbers, 0.5))}, p90 ${kilobytes(percentile(numbers, 0.9))}, most ${kilobytes(Math.max(...numbers))}`;

async function main([packPath]) {
  const pack = readFileSync(packPath);
  const questions = readFileSync(0, 'utf8').split('\n').filter(Boolean);
  const assets = [WORDS, SEARCH, ASKING];
  const files = new Map(assets.map((name) => [name, readFileSync(join(packageFolder, name))]));
  const host = await countingHost(files.set(PACK, pack));
  const count = countedBy(sectionsOf(pack));
  const { createWeir } = await load();
  const open = async () => {
    const weir = await createWeir({ assets: host.address });
    return { weir, opened: await weir.openPack(new URL(PACK, host.address)) };
  };

  const { weir, opened } = await open();
  const { files: held, chunks } = opened.info;
  console.log(`${held} files, ${chunks} passages, ${kilobytes(pack.length)}; ${questions.length} questions`); // prettier-ignore
  reportProgram();
  report('opening', count(host.taken()));
  const later = [];
  for (const [i, question] of questions.entries()) {
    await opened.search(question);
    const counted = count(host.taken());
    report(`"${question}"`, counted);
    if (i > 0) later.push(counted.bytes);
  }
  weir.dispose();

  const first = [];
  for (const question of questions) {
    const fresh = await open();
    host.taken();
    await fresh.opened.search(question);
    first.push(count(host.taken()).bytes);
    fresh.weir.dispose();
  }
  console.log(`first question after opening, each in turn: ${spread(first)}`);
  console.log(`later questions: ${spread(later)}`);
  host.server.close();
  host.server.closeAllConnections();
}

if (process.argv.length === 3) await main(process.argv.slice(2));
else {
  console.error('npm run bench:ranges -- PACK < questions, one a line');
  process.exitCode = 2;
}
