// The layers of the house: a module of shared/weir includes lower layers only, never its neighbours, and
// holds nothing that belongs to a host. Prints every breach; exits 1 if there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../..');

const layers = [
  ['base'],
  ['text', 'json', 'deflate'],
  ['tokens', 'retrieval', 'sse', 'stream'],
  ['prompt'],
  ['provider', 'wire'],
  ['transport', 'relay'],
];
const layerOf = new Map(layers.flatMap((modules, layer) => modules.map((name) => [name, layer])));

// One file, named for its only purpose, may touch hnswlib, which throws and reads files.
const foreignHeaders = /^(boost|openssl|sys|netinet|arpa|emscripten|CLI|nlohmann|hnswlib)\//;
const hostHeaders = new Set(
  [
    'iostream',
    'fstream',
    'sstream',
    'thread',
    'mutex',
    'condition_variable',
    'future',
    'filesystem',
    'stdexcept',
  ]
    .concat(['coroutine', 'format', 'expected', 'memory_resource', 'source_location', 'ranges'])
    .concat(['unistd.h', 'pthread.h', 'time.h', 'ctime', 'random']),
);
const hostWords =
  /\b(throw|try|catch)\b|std::(cout|cerr|thread|mutex|pow|exp)\b|_clock::now|__EMSCRIPTEN__/;
const doors = new Map([
  ['nlohmann', 'json'],
  ['boost', 'deflate'],
]);

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // What learns a module's data is a program of its own, on the developer's machine.
    if (entry.isDirectory() && entry.name === 'training') continue;
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (/\.(hpp|cpp)$/.test(entry.name)) yield path;
  }
}

/** Blanks comments and string literals, keeping line numbers. */
function codeOnly(text) {
  return text.replace(
    /R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|\/\/[^\n]*|\/\*(?:.|\n)*?\*\//g,
    (match) => match.replace(/[^\n]/g, ' '),
  );
}

function includeBreach(module, header) {
  const own = /^weir\/(\w+)\//.exec(header);
  if (own) {
    if (own[1] === module) return undefined;
    const from = layerOf.get(module);
    const to = layerOf.get(own[1]);
    if (to === undefined) return `includes ${header}, which is no module of the house`;
    if (to >= from) return `includes ${header}: layer ${to} from layer ${from}`;
    return undefined;
  }
  if (hostHeaders.has(header)) return `includes <${header}>, which belongs to a host`;
  const foreign = foreignHeaders.exec(header);
  if (foreign && doors.get(foreign[1]) !== module)
    return `includes ${header}, which is not let in here`;
  return undefined;
}

/** Every breach in one file's text, as "line: what". */
export function breachesOf(module, text) {
  const found = [];
  const raw = text.split('\n');
  for (const [index, code] of codeOnly(text).split('\n').entries()) {
    const header = /^\s*#\s*include\s*[<"]([^>"]+)[>"]/.exec(raw[index])?.[1];
    const breach = header && includeBreach(module, header);
    if (breach) found.push(`${index + 1}: ${breach}`);
    const word = hostWords.exec(code);
    if (word) found.push(`${index + 1}: "${word[0]}" does not belong in shared/`);
  }
  return found;
}

function selfTest() {
  const caught = [
    ['stream', '#include "weir/relay/relay.hpp"'],
    ['sse', '#include "weir/stream/event.hpp"'],
    ['base', '#include <iostream>'],
    ['relay', '#include <nlohmann/json.hpp>'],
    ['tokens', 'void f() { throw 1; }'],
  ];
  const passed = [
    ['relay', '#include "weir/stream/event.hpp"'],
    ['json', '#include <nlohmann/json.hpp>'],
    ['sse', '// try again later\nconst char* s = "throw";'],
  ];
  const wrong = [
    ...caught.filter(([module, text]) => breachesOf(module, text).length === 0),
    ...passed.filter(([module, text]) => breachesOf(module, text).length > 0),
  ];
  if (wrong.length > 0)
    throw new Error(`the layer check itself is wrong about ${JSON.stringify(wrong)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  selfTest();
  const shared = join(root, 'shared/weir');
  let breaches = 0;
  let files = 0;
  for (const file of filesBelow(shared)) {
    files += 1;
    const module = relative(shared, file).split('/')[0];
    for (const breach of breachesOf(module, readFileSync(file, 'utf8'))) {
      breaches += 1;
      console.error(`${relative(root, file)}:${breach}`);
    }
  }
  console.log(`layers: ${files} files, ${breaches} breaches`);
  process.exitCode = breaches === 0 ? 0 : 1;
}
