/**
 * Archives as sources of files. Whoever made one may mean harm: names, sizes and counts in it are
 * claims. What an archive unpacks to is counted while it is unpacked, names are judged by the
 * engine, and nothing is ever written anywhere.
 */
import type { SourceFile } from './api.js';
import { failure } from './errors.js';
import type { Intake } from './intake.js';
import { tarFiles } from './tar-archive.js';
import { zipFiles } from './zip-archive.js';

/** What begins like this is that. */
const ZIP_MARKS = ['PK\x03\x04', 'PK\x05\x06'];
const GZIP_MARK = '\x1f\x8b';
const TAR_MARK = 'ustar';
const TAR_MARK_AT = 257;

/** What an archive has to say of itself before its files are looked at. */
export async function* archiveFiles(
  archive: Blob,
  intake: Intake,
  signal: AbortSignal,
): AsyncGenerator<SourceFile> {
  const head = await beginning(archive);
  if (ZIP_MARKS.some((mark) => head.startsWith(mark))) {
    yield* zipFiles(archive, intake, signal);
  } else if (head.startsWith(GZIP_MARK) || head.startsWith(TAR_MARK, TAR_MARK_AT)) {
    yield* tarFiles(archive, head.startsWith(GZIP_MARK), intake, signal);
  } else {
    throw failure(
      'invalid_request',
      'This file is no archive that can be read.',
      'Choose a .zip, .tar.gz, .tgz or .tar file, or open the folder itself.',
    );
  }
}

async function beginning(archive: Blob): Promise<string> {
  const bytes = new Uint8Array(await archive.slice(0, 512).arrayBuffer());
  return String.fromCharCode(...bytes);
}
