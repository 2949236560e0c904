// npm's search engines, each as its own documentation has it used, with its defaults.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, insertMultiple, load, save, search } from '@orama/orama';
import MiniSearch from 'minisearch';

/** hnswlib's own default of 10 finds too little; EdgeVec keeps its defaults. */
const EF_SEARCH = 50;

const miniSearchOptions = { fields: ['path', 'text'], storeFields: ['path'] };
const oramaSchema = { path: 'string', text: 'string' };

/** They index and search text. `search` gives the paths of the best passages. */
export const textPeers = {
  MiniSearch: {
    index(chunks) {
      const engine = new MiniSearch(miniSearchOptions);
      engine.addAll(chunks);
      return engine;
    },
    search: (engine, query, limit) =>
      engine
        .search(query)
        .slice(0, limit)
        .map(({ path }) => path),
    save: (engine) => JSON.stringify(engine),
    open: (saved) => MiniSearch.loadJSON(saved, miniSearchOptions),
  },
  Orama: {
    async index(chunks) {
      const engine = create({ schema: oramaSchema });
      await insertMultiple(engine, chunks, 1000);
      return engine;
    },
    async search(engine, query, limit) {
      const { hits } = await search(engine, { term: query, limit });
      return hits.map(({ document }) => document.path);
    },
    save: (engine) => JSON.stringify(save(engine)),
    open(saved) {
      const engine = create({ schema: oramaSchema });
      load(engine, JSON.parse(saved));
      return engine;
    },
  },
};

/** They search vectors. `search` gives the numbers of the nearest, counted from 0. */
export const vectorPeers = {
  'hnswlib-wasm': {
    async index(vectors) {
      const { HierarchicalNSW } = await loadHnswlib();
      const engine = new HierarchicalNSW('ip', vectors[0].length, '');
      engine.initIndex(vectors.length, 16, 200, 100);
      engine.addItems(vectors, false);
      engine.setEfSearch(EF_SEARCH);
      return engine;
    },
    search: (engine, vector, limit) => [...engine.searchKnn(vector, limit, undefined).neighbors],
    bytes: () => undefined, // it writes into IndexedDB only
  },
  // Of flat indexes, 0.9.0 takes binary vectors only.
  EdgeVec: {
    async index(vectors) {
      const module = await loadEdgeVec();
      // Its default, the distance: of vectors of one length it orders as their product does.
      const engine = new module.EdgeVec(new module.EdgeVecConfig(vectors[0].length));
      const ids = vectors.map((vector) => engine.insert(vector));
      return { engine, place: new Map(ids.map((id, place) => [id, place])) };
    },
    search: ({ engine, place }, vector, limit) =>
      engine.search(vector, limit).map(({ id }) => place.get(id)),
    bytes: ({ engine }) => engine.serializedSize(),
  },
};

async function loadEdgeVec() {
  const module = await import('edgevec/edgevec.js');
  const file = new URL('edgevec_bg.wasm', import.meta.resolve('edgevec/edgevec.js'));
  await module.default({ module_or_path: readFileSync(fileURLToPath(file)) });
  return module;
}

/**
 * It is built for browsers and ends itself in Node. Its search needs nothing of a page, so while it loads
 * it sees a window and no Node; what it misses later, IndexedDB, only its saving would use.
 */
async function loadHnswlib() {
  await (await fetch('data:,')).text(); // loads Node's fetch, which looks at the version too
  const { versions } = process;
  const { log, error, warn } = console;
  const show = (node) => Object.defineProperty(process, 'versions', { value: node, configurable: true }); // prettier-ignore
  Object.assign(console, { log() {}, error() {}, warn() {} });
  Object.assign(globalThis, { window: globalThis, document: { baseURI: import.meta.url } });
  show({});
  try {
    const { loadHnswlib: loadModule } = await import('hnswlib-wasm/dist/hnswlib.js');
    return await loadModule();
  } finally {
    show(versions);
    delete globalThis.window;
    delete globalThis.document;
    Object.assign(console, { log, error, warn });
  }
}
