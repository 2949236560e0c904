// Fills a folder with the npm package: node wasm/build.mjs --from build/wasm --to dist/weir
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: join(root, 'build/wasm') },
    to: { type: 'string', default: join(root, 'dist/weir') },
  },
});
const from = resolve(values.from);
const to = resolve(values.to);

function typescript(...options) {
  const program = join(root, 'node_modules/.bin/tsc');
  const { status } = spawnSync(program, options, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Window code, then worker code: each is compiled with the types of where it runs. The types keep their comments,
 * for editors; the scripts, which readers load, do without.
 */
function compile(config) {
  const project = ['-p', join(here, config), '--outDir', to];
  typescript(...project, '--emitDeclarationOnly');
  typescript(...project, '--declaration', 'false', '--removeComments');
}

/** Modules that pass on what is used of npm packages: bundled in place, each without the rest. */
const libraries = { 'zip-library': '@zip.js/zip.js', 'tar-library': 'modern-tar' };

async function bundleLibraries() {
  for (const name of Object.keys(libraries)) {
    await build({
      root: to,
      configFile: false,
      logLevel: 'error',
      build: {
        lib: { entry: join(to, `${name}.js`), formats: ['es'], fileName: () => `${name}.js` },
        outDir: to,
        emptyOutDir: false,
        copyPublicDir: false,
        target: 'es2022',
        minify: 'oxc',
      },
    });
  }
}

function copyLicences() {
  const licences = Object.values(libraries).map((name) => {
    const text = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
    return `${name}\n\n${text.trim()}\n`;
  });
  licences.push(readFileSync(join(root, 'shared/weir/tokens/LICENSE-qwen3'), 'utf8'));
  const line = `\n${'-'.repeat(72)}\n\n`;
  writeFileSync(join(to, 'THIRD-PARTY-LICENSES.txt'), licences.join(line));
  copyFileSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
}

/** The version is the repository's; what only the workspace needs stays behind. */
function writeManifest() {
  const { private: _, ...manifest } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });
compile('tsconfig.json');
compile('tsconfig.worker.json');
await bundleLibraries();
for (const file of [
  'bin/weir.wasm',
  'bin/weir-search.wasm',
  'bin/weir-index.wasm',
  'bin/weir-counter.wasm',
  'vocabularies/cl100k_base.bin',
  'vocabularies/o200k_base.bin',
  'vocabularies/qwen3.bin',
]) {
  copyFileSync(join(from, file), join(to, file.slice(file.indexOf('/') + 1)));
}
copyFileSync(join(root, 'shared/weir/retrieval/words.bin'), join(to, 'words.bin'));
copyFileSync(join(here, 'README.md'), join(to, 'README.md'));
copyLicences();
writeManifest();
