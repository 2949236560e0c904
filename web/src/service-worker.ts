/// Keeps the page usable without a network: the shell and the npm package come from a cache, one per
/// version. What every visit needs is fetched beforehand, the rest kept when first used. Answers and
/// everything below /v1/ are never touched, and packs are kept by the page itself (packs/download.ts).

declare const self: ServiceWorkerGlobalScope;
/** Files of the site, relative to it; put in by the build, as is the hash over them all. */
declare const NEEDED_FILES: string[];
declare const OTHER_FILES: string[];
declare const SITE_VERSION: string;

const shellPrefix = 'weir-shell-';
const shellCache = shellPrefix + SITE_VERSION;
const configurationCache = 'weir-configuration';

const index = address('index.html');
const configuration = address('weir.json');
const needed = NEEDED_FILES.map(address);
const kept = new Set([...needed, ...OTHER_FILES.map(address)]);

self.addEventListener('install', (event) => {
  event.waitUntil(fillShell().then(() => self.skipWaiting()));
});

// Older caches stay until the next page is opened: a page that is open now may still want its files.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const wanted = bare(request.url);
  if (request.mode === 'navigate' && (wanted === address('') || wanted === index)) {
    event.waitUntil(removeOldShells());
    event.respondWith(fromShell(index, request));
  } else if (wanted === configuration) {
    event.respondWith(freshConfiguration(request));
  } else if (kept.has(wanted)) {
    event.respondWith(fromShell(wanted, request));
  }
});

async function fillShell(): Promise<void> {
  const cache = await caches.open(shellCache);
  // `no-cache` asks the server whether its copy is still the one that the browser holds.
  await cache.addAll(needed.map((url) => new Request(url, { cache: 'no-cache' })));
}

async function fromShell(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(shellCache);
  const known = (await cache.match(url)) ?? (await caches.match(url));
  if (known) return known;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(url, response.clone());
  return response;
}

/** Caches are listed in the order of their creation: a newer one may be filling just now. */
async function removeOldShells(): Promise<void> {
  const shells = (await caches.keys()).filter((name) => name.startsWith(shellPrefix));
  const old = shells.slice(0, Math.max(0, shells.indexOf(shellCache)));
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The site's configuration may change at any time: the network first, the last known otherwise. */
async function freshConfiguration(request: Request): Promise<Response> {
  const cache = await caches.open(configurationCache);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(configuration, response.clone());
    else await cache.delete(configuration);
    return response;
  } catch (failure) {
    const known = await cache.match(configuration);
    if (known) return known;
    throw failure;
  }
}

function address(path: string): string {
  return new URL(path, self.registration.scope).href;
}

function bare(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

export {};
