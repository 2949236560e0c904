import { openSource } from './packs.ts';

/** Browsers without a folder dialog of this kind have the folder input instead. */
interface FolderDialog {
  showDirectoryPicker?(options: { id: string; mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

/** Lets the reader choose a folder; `input` is the way where the browser has no folder dialog. */
export async function chooseFolder(input: HTMLInputElement | null): Promise<void> {
  const dialog = window as FolderDialog;
  if (!dialog.showDirectoryPicker) {
    input?.click();
    return;
  }
  let folder: FileSystemDirectoryHandle;
  try {
    folder = await dialog.showDirectoryPicker({ id: 'weir', mode: 'read' });
  } catch {
    return; // The dialog was closed.
  }
  await openSource(folder.name, folder);
}

export async function openChosenFiles(input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  input.value = '';
  const folder = files[0]?.webkitRelativePath.split('/')[0];
  if (files.length > 0) await openSource(folder || 'folder', files);
}
