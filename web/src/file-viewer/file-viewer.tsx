import type { SourceText } from 'weir';
import { useEffect, useRef, useState } from 'preact/hooks';

import { FailureView } from '../failure-view.tsx';
import { type Failure, failureOf } from '../failure.ts';
import { pack } from '../packs/packs.ts';
import { counted, lineRange } from '../words.ts';
import { FileText } from './file-text.tsx';
import { type FileLocation, closeFile, openFile } from '../page/location.ts';

/** The file that the URL's fragment names, in a sheet over the page. */
export function FileViewer() {
  const sheet = useRef<HTMLDialogElement>(null);
  const where = openFile.value;
  const shown = where !== null && pack.value !== null;
  useEffect(() => {
    if (shown) sheet.current?.showModal();
    else sheet.current?.close();
  }, [shown]);
  return (
    <dialog
      class="file-viewer"
      ref={sheet}
      aria-labelledby="file-title"
      onCancel={(event) => {
        event.preventDefault();
        closeFile();
      }}
      onClick={(event) => event.target === event.currentTarget && closeFile()}
    >
      {shown && <FileSheet where={where} />}
    </dialog>
  );
}

function FileSheet({ where }: { where: FileLocation }) {
  const { file, failure } = useFile(where.path);
  return (
    <div class="file-sheet">
      <header class="file-header">
        <h2 id="file-title">
          <bdi>{where.path}</bdi>
          <small>
            {where.firstLine === where.lastLine ? 'line ' : 'lines '}
            {lineRange(where.firstLine, where.lastLine)}
            {file && ` of ${counted(file.lines, 'line', 'lines')}`}
          </small>
        </h2>
        <button type="button" onClick={closeFile}>
          Close
        </button>
      </header>
      {failure && <FailureView failure={failure} />}
      {file && <FileText file={file} where={where} />}
    </div>
  );
}

function useFile(path: string): { file: SourceText | null; failure: Failure | null } {
  const [file, setFile] = useState<SourceText | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const source = pack.value;
  useEffect(() => {
    let wanted = true;
    setFile(null);
    setFailure(null);
    source?.file(path).then(
      (read) => wanted && setFile(read),
      (thrown: unknown) => wanted && setFailure(failureOf(thrown)),
    );
    return () => {
      wanted = false;
    };
  }, [path, source]);
  return { file, failure };
}
