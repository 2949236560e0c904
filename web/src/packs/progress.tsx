import { FailureView } from '../failure-view.tsx';
import { count, counted, size } from '../words.ts';
import { openFirstPack, pack, packFailure, work, type Work } from './packs.ts';

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
  if (indexing?.total_files) return Math.min(1, indexing.files / indexing.total_files);
  if (loadedBytes !== undefined && totalBytes) return Math.min(1, loadedBytes / totalBytes);
  return undefined;
}

function detail({ indexing, loadedBytes, totalBytes }: Work): string {
  if (indexing) {
    const total = indexing.total_files ? ` of ${count(indexing.total_files)}` : '';
    const files = `${count(indexing.files)}${total} files`;
    const passages = counted(indexing.chunks, 'passage', 'passages');
    return `${files} · ${size(indexing.bytes)} · ${passages}`;
  }
  if (loadedBytes === undefined) return '';
  return totalBytes ? `${size(loadedBytes)} of ${size(totalBytes)}` : size(loadedBytes);
}
