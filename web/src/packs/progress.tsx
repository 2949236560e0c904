import type { IndexProgress } from 'weir';

import { FailureView } from '../failure-view.tsx';
import { count, counted, size } from '../words.ts';
import { openFirstPack, pack, packFailure, work, type Work } from './packs.ts';
import { secondsLeft, timeLeft } from './time-left.ts';

/** Says what is being made ready, and what became of it. */
export function PackProgress() {
  if (work.value) return <Progress work={work.value} />;
  if (!packFailure.value) return null;
  const retry = pack.value ? undefined : () => void openFirstPack();
  return <FailureView failure={packFailure.value} onRetry={retry} />;
}

function Progress({ work }: { work: Work }) {
  const fraction = fractionDone(work);
  return (
    <section class="progress" aria-label="Progress">
      <p>
        {work.indexing ? 'Indexing' : 'Opening'} <bdi>{work.name}</bdi>
        <span class="progress-detail">{detail(work)}</span>
      </p>
      <progress
        aria-label={`${work.indexing ? 'Indexing' : 'Opening'} ${work.name}`}
        max={1}
        {...(fraction === undefined ? {} : { value: fraction })}
      />
      <button type="button" onClick={work.cancel}>
        Cancel
      </button>
    </section>
  );
}

function fractionDone({ indexing, loadedBytes, totalBytes }: Work): number | undefined {
  if (indexing) return indexing.done;
  if (loadedBytes !== undefined && totalBytes) return Math.min(1, loadedBytes / totalBytes);
  return undefined;
}

function detail({ indexing, loadedBytes, totalBytes, since }: Work): string {
  if (indexing) return indexingDetail(indexing, (performance.now() - since) / 1000);
  if (loadedBytes === undefined) return '';
  return totalBytes ? `${size(loadedBytes)} of ${size(totalBytes)}` : size(loadedBytes);
}

function indexingDetail(indexing: IndexProgress, elapsedSeconds: number): string {
  const { files, total_files, bytes, chunks, done } = indexing;
  const total = total_files ? ` of ${count(total_files)}` : '';
  const parts = [
    `${count(files)}${total} files`,
    size(bytes),
    counted(chunks, 'passage', 'passages'),
  ];
  const seconds = secondsLeft(elapsedSeconds, done);
  if (seconds !== undefined) parts.push(timeLeft(seconds));
  return parts.join(' · ');
}
