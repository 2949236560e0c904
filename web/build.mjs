// Builds the static site: the page (Vite), the npm package beside it as it is, the service worker
// with the list of what it keeps, and a Brotli sibling of every file that gains from one.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'vite';

const web = dirname(fileURLToPath(import.meta.url));
const site = join(web, '../dist/site');
const npmPackage = process.env.WEIR_PACKAGE ?? join(web, '../dist/weir');

/** Files above this are compressed at quality 9: 11 would take minutes for little. */
const bigFile = 512 * 1024;
const compressible = /\.(?:html|js|css|svg|json|webmanifest|wasm|bin|tok|bpe|vocab)$/;
/** What a visit without a network can do without: extracts are counted with cl100k_base. */
const seldomNeeded =
  /^weir\/(?:(?:o200k_base|qwen3)\.bin|weir-counter\.wasm|local-backend\.js|THIRD-PARTY-LICENSES\.txt)$/;
const neverKept = /\.(?:br|map|d\.ts)$|(?:^|\/)(?:package\.json|README\.md|LICENSE|weir\.json)$/;

checkTypes();
await build({ root: web, logLevel: 'warn' });
copyPackage();
preloadPackage();
await buildServiceWorker();
compress();
report();

function checkTypes() {
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  for (const project of ['tsconfig.json', 'tsconfig.service-worker.json']) {
    execFileSync(process.execPath, [tsc, '-p', join(web, project)], { stdio: 'inherit' });
  }
}

function copyPackage() {
  if (!existsSync(join(npmPackage, 'index.js'))) {
    throw new Error(`no npm package at ${relative(process.cwd(), npmPackage)}: build it first`);
  }
  cpSync(npmPackage, join(site, 'weir'), {
    recursive: true,
    filter: (path) => !neverKept.test(path.split(sep).join('/')) && !path.includes('node_modules'),
  });
}

/** Names the package's modules in the page, which would otherwise find them one after the other. */
function preloadPackage() {
  const modules = new Set();
  const visit = (path) => {
    if (modules.has(path)) return;
    modules.add(path);
    const text = readFileSync(join(site, 'weir', path), 'utf8');
    for (const [, name] of text.matchAll(/(?:from |import\()['"]\.\/([\w-]+\.js)['"]/g)) {
      if (!seldomNeeded.test(`weir/${name}`)) visit(name);
    }
  };
  visit('index.js');
  const links = [...modules].map((path) => `<link rel="modulepreload" href="./weir/${path}" />\n`);
  const page = join(site, 'index.html');
  const html = readFileSync(page, 'utf8');
  writeFileSync(page, html.replace('</head>', `${links.join('')}</head>`));
}

async function buildServiceWorker() {
  const kept = files(site).filter((path) => !neverKept.test(path));
  const version = createHash('sha256');
  for (const path of kept)
    version
      .update(path)
      .update('\0')
      .update(readFileSync(join(site, path)));
  await build({
    root: web,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: {
      NEEDED_FILES: JSON.stringify(kept.filter((path) => !seldomNeeded.test(path))),
      OTHER_FILES: JSON.stringify(kept.filter((path) => seldomNeeded.test(path))),
      SITE_VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
    },
    build: {
      outDir: site,
      emptyOutDir: false,
      target: 'es2022',
      rollupOptions: {
        input: join(web, 'src/service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'service-worker.js' },
      },
    },
  });
}

function compress() {
  for (const path of files(site)) {
    if (!compressible.test(path)) continue;
    const bytes = readFileSync(join(site, path));
    const packed = brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: bytes.length > bigFile ? 9 : 11,
        [constants.BROTLI_PARAM_LGWIN]: 22,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    if (packed.length < bytes.length * 0.95) writeFileSync(join(site, `${path}.br`), packed);
  }
}

function report() {
  const all = files(site);
  const sent = (path) => {
    const br = join(site, `${path}.br`);
    return readFileSync(existsSync(br) ? br : join(site, path)).length;
  };
  const plain = all.filter((path) => !path.endsWith('.br'));
  const total = plain.reduce((sum, path) => sum + sent(path), 0);
  console.log(`dist/site: ${plain.length} files, ${Math.round(total / 1024)} KiB as Brotli`);
}

function files(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
