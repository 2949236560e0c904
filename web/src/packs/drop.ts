import { openArchive } from './archive.ts';
import { openSource } from './packs.ts';

/** As much of the API as is needed; the DOM's types do not have it yet. */
interface DroppedItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** Opens folders and archives that are dropped on the page; a browser would leave it for them. */
export function takeDrops(): void {
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  });
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const item = [...(event.dataTransfer?.items ?? [])].find(({ kind }) => kind === 'file');
    if (item) void open(item);
  });
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** What was dropped must be asked for before the event is over. */
async function open(item: DataTransferItem & DroppedItem): Promise<void> {
  const file = item.getAsFile();
  const handle = await item.getAsFileSystemHandle?.().catch(() => null);
  if (handle?.kind === 'directory') {
    await openSource(handle.name, handle as FileSystemDirectoryHandle);
  } else if (file) {
    await openArchive(file);
  }
}
