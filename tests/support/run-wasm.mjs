// Runs a test program that was built as a bare WASI module: node run-wasm.mjs program.wasm [argument...]
// Only what a test needs to print and end is provided; every other import answers "not supported".
import { readFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';

const NOT_SUPPORTED = 52; // ENOSYS in WASI's numbering
const [path, ...programArguments] = process.argv.slice(2);

class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

let memory;
const view = () => new DataView(memory.buffer);

function writeStrings(strings, pointers, buffer) {
  for (const string of strings) {
    view().setUint32(pointers, buffer, true);
    const bytes = new TextEncoder().encode(`${string}\0`);
    new Uint8Array(memory.buffer).set(bytes, buffer);
    pointers += 4;
    buffer += bytes.length;
  }
  return 0;
}

function sizes(strings, countPointer, bytesPointer) {
  view().setUint32(countPointer, strings.length, true);
  view().setUint32(
    bytesPointer,
    strings.reduce((sum, s) => sum + Buffer.byteLength(s) + 1, 0),
    true,
  );
  return 0;
}

const commandLine = [path, ...programArguments];
const provided = {
  proc_exit(code) {
    throw new Exit(code);
  },
  args_sizes_get: (count, bytes) => sizes(commandLine, count, bytes),
  args_get: (pointers, buffer) => writeStrings(commandLine, pointers, buffer),
  environ_sizes_get: (count, bytes) => sizes([], count, bytes),
  environ_get: () => 0,
  clock_time_get(_clock, _precision, result) {
    view().setBigUint64(result, process.hrtime.bigint(), true);
    return 0;
  },
  fd_write(descriptor, vectors, count, written) {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const pointer = view().getUint32(vectors + 8 * i, true);
      const length = view().getUint32(vectors + 8 * i + 4, true);
      writeSync(descriptor, new Uint8Array(memory.buffer, pointer, length));
      total += length;
    }
    view().setUint32(written, total, true);
    return 0;
  },
  emscripten_notify_memory_growth() {},
};

const module = await WebAssembly.compile(await readFile(path));
const imports = {};
for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
  if (kind !== 'function') throw new Error(`cannot provide ${from}.${name}`);
  imports[from] ??= {};
  imports[from][name] = provided[name] ?? (() => NOT_SUPPORTED);
}
const instance = await WebAssembly.instantiate(module, imports);
memory = instance.exports.memory;
try {
  instance.exports._start();
} catch (error) {
  if (!(error instanceof Exit)) throw error;
  process.exitCode = error.code;
}
