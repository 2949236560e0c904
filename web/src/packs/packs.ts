import type {
  FileSource,
  IndexOptions,
  IndexProgress,
  KeptPack,
  Pack,
  RepositoryAddress,
  Weir,
} from 'weir';
import { signal } from '@preact/signals';

import { type Failure, failureOf, isCancelled } from '../failure.ts';
import { lastTurn, newConversation } from '../ask/conversation.ts';
import { announce } from '../status/announcer.tsx';
import { configuration } from '../page/configuration.ts';
import { started, weir } from '../weir.ts';
import { downloadPack, isLeftThere, keptUrls } from './download.ts';
import { findOffers, type PackOffer } from './offers.ts';
import { idsWithOrigin, originOf, recallOrigin, rememberOrigin } from './origins.ts';
import { chosenHere, recallChoice, rememberChoice } from './choice.ts';

/** What is being made ready, for as long as it takes. */
export interface Work {
  name: string;
  cancel(): void;
  loadedBytes?: number;
  totalBytes?: number | undefined;
  indexing?: IndexProgress;
  /** When it began, in milliseconds of performance.now(). */
  since: number;
}

export const pack = signal<Pack | null>(null);
export const offers = signal<PackOffer[]>([]);
export const keptPacks = signal<KeptPack[]>([]);
/** Of offers that can be opened without a network. */
export const keptOfferUrls = signal<string[]>([]);
/** Of these it is known where they came from, so that they can be refreshed. */
export const refreshable = signal<ReadonlySet<string>>(new Set());
export const work = signal<Work | null>(null);
export const packFailure = signal<Failure | null>(null);
/** True once it is known what there is to open. */
export const looked = signal(false);

/** Opens what the restored conversation is about, else what was open last, else the first offer. */
export async function openFirstPack(): Promise<void> {
  await refreshKeptPacks();
  looked.value = true;
  // A reader who is quick has chosen already.
  if (work.value || pack.value) return;
  const choice = lastTurn.value?.choice ?? recallChoice();
  const kept = keptPacks.value.find(({ id }) => id === choice);
  const offer = offers.value.find(({ url }) => url === choice) ?? offers.value[0];
  if (kept) await openKept(kept);
  else if (offer) await openOffer(offer);
  else if (keptPacks.value[0]) await openKept(keptPacks.value[0]);
}

/** The edge may offer more to who has said who it is. */
export async function refreshOffers(): Promise<void> {
  if (configuration.value) offers.value = (await findOffers(configuration.value)).packs;
}

export function openOffer(offer: PackOffer): Promise<void> {
  return prepare(offer.name, offer.url, async (host, signal) => {
    const leave = await isLeftThere(offer, signal);
    return leave ? host.openPack(offer.url, { signal }) : openWhole(host, offer, signal);
  });
}

/** Loads all of an offered pack, so that it can be searched without a network. */
export async function keepOffer(offer: PackOffer): Promise<void> {
  await prepare(offer.name, offer.url, (host, signal) => openWhole(host, offer, signal));
  keptOfferUrls.value = await keptUrls();
}

async function openWhole(host: Weir, offer: PackOffer, signal: AbortSignal): Promise<Pack> {
  const bytes = await downloadPack(offer, {
    signal,
    onProgress: (loadedBytes) => report({ loadedBytes, totalBytes: offer.bytes }),
  });
  return host.openPack(bytes, { signal });
}

export function openKept(kept: KeptPack): Promise<void> {
  return prepare(kept.repository, kept.id, (host) => host.library.open(kept.id));
}

/** Indexes a folder or an archive in the worker and keeps the pack on this device. */
export function openSource(name: string, source: FileSource): Promise<void> {
  return indexAndKeep(name, source, { repository: name }, isNew);
}

/** The same for a repository that the edge fetches; its full name comes with it. */
export function openRepository(address: RepositoryAddress): Promise<void> {
  return indexAndKeep(nameOf(address), address, {}, isNew);
}

const nameOf = ({ url }: RepositoryAddress): string => url.replace(/^https?:\/\//, '');

function indexAndKeep(
  name: string,
  source: FileSource,
  named: IndexOptions,
  continues: Continues,
): Promise<void> {
  const open: Opening = async (host, signal) => {
    const indexed = await host.index(source, {
      ...named,
      keep: true,
      signal,
      onProgress: (indexing) => report({ indexing }),
    });
    await refreshKeptPacks();
    const [newest] = keptPacks.value
      .filter(({ repository }) => repository === indexed.info.repository)
      .sort((a, b) => b.saved_at - a.saved_at);
    rememberChoice(newest?.id ?? null);
    if (newest) {
      await rememberOrigin(newest.id, originOf(source));
      await refreshKeptPacks();
    }
    return indexed;
  };
  return prepare(name, null, open, continues);
}

export async function removeKept({ id }: KeptPack): Promise<void> {
  await weir.value?.library.remove(id);
  await rememberOrigin(id, null);
  await refreshKeptPacks();
}

/** Browsers that hand out handles of folders can ask for them again. */
interface AskedHandle {
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
}

/**
 * Indexes it again from where it came; what has not changed is taken over. The pack of another commit
 * takes the place of the one before.
 */
export async function refreshKept(kept: KeptPack): Promise<void> {
  const origin = await recallOrigin(kept.id);
  if (!origin) return;
  if (origin.kind === 'folder') {
    const asked = origin.folder as AskedHandle;
    // The browser asks the reader; a no is an answer.
    if ((await asked.requestPermission?.({ mode: 'read' })) === 'denied') return;
    const named = { repository: kept.repository };
    await indexAndKeep(kept.repository, origin.folder, named, isAbout(kept.repository));
  } else {
    const address = { url: origin.url, ref: origin.ref };
    await indexAndKeep(nameOf(address), address, {}, isAbout(kept.repository));
  }
  const newer = keptPacks.value.some(
    ({ id, repository, saved_at }) =>
      id !== kept.id && repository === kept.repository && saved_at > kept.saved_at,
  );
  if (newer && packFailure.value === null) await removeKept(kept);
}

type Opening = (host: Weir, signal: AbortSignal) => Promise<Pack>;
/** Whether the conversation about the pack that was open goes on with the next one. */
type Continues = (before: Pack) => boolean;
const isNew: Continues = () => false;
const isAbout =
  (repository: string): Continues =>
  ({ info }) =>
    info.repository === repository;

async function prepare(
  name: string,
  choice: string | null,
  open: Opening,
  continues: Continues = () => choice !== null && choice === chosenHere(),
): Promise<void> {
  work.value?.cancel();
  const abort = new AbortController();
  const current: Work = { name, cancel: () => abort.abort(), since: performance.now() };
  work.value = current;
  packFailure.value = null;
  try {
    const opened = await open(await started, abort.signal);
    if (abort.signal.aborted) return opened.close();
    replacePack(opened, continues);
    if (choice !== null) rememberChoice(choice);
  } catch (thrown) {
    if (!isCancelled(thrown) && !abort.signal.aborted) packFailure.value = failureOf(thrown);
  } finally {
    if (work.value?.cancel === current.cancel) work.value = null;
  }
}

function report(progress: Partial<Work>): void {
  if (work.value) work.value = { ...work.value, ...progress };
}

function replacePack(opened: Pack, continues: Continues): void {
  const goesOn = pack.value
    ? continues(pack.value)
    : lastTurn.value?.repository === opened.info.repository;
  if (!goesOn) newConversation();
  pack.value?.close();
  pack.value = opened;
  announce(`${opened.info.repository} is open.`);
}

export async function refreshKeptPacks(): Promise<void> {
  try {
    keptPacks.value = (await weir.value?.library.list()) ?? [];
    refreshable.value = await idsWithOrigin();
  } catch {
    keptPacks.value = [];
  }
  keptOfferUrls.value = await keptUrls();
}
