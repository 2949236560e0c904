import { openSource } from './packs.ts';

export const archiveEndings = ['.zip', '.tar.gz', '.tgz', '.tar'];

export async function openArchive(file: File): Promise<void> {
  const ending = archiveEndings.find((known) => file.name.toLowerCase().endsWith(known)) ?? '';
  await openSource(file.name.slice(0, file.name.length - ending.length) || 'archive', file);
}

export async function openChosenArchive(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  input.value = '';
  if (file) await openArchive(file);
}
