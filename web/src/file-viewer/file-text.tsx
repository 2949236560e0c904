import type { SourceText } from 'weir';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';

import { highlightFile } from '../markdown/highlight.ts';
import type { FileLocation } from '../page/location.ts';

/**
 * The text with its line numbers in a column of their own (copying takes the code alone) and a band
 * behind the lines asked for. Two text blocks, however long the file: no element per line.
 */
export function FileText({ file, where }: { file: SourceText; where: FileLocation }) {
  const scroller = useRef<HTMLDivElement>(null);
  const band = useRef<HTMLDivElement>(null);
  const code = useRef<HTMLElement>(null);
  const numbers = useMemo(() => lineNumbers(file.text), [file]);

  useEffect(() => {
    if (code.current) void highlightFile(code.current, file);
  }, [file]);
  useLayoutEffect(() => {
    if (scroller.current && band.current) showBand(scroller.current, band.current);
    scroller.current?.focus({ preventScroll: true });
  }, [file, where]);

  const place = {
    '--first-line': String(where.firstLine - 1),
    '--lines': String(where.lastLine - where.firstLine + 1),
  };
  return (
    <div
      class="file-text"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={`Text of ${file.path}`}
    >
      <div class="file-band" ref={band} style={place} aria-hidden="true" />
      <pre class="file-numbers" aria-hidden="true">
        {numbers}
      </pre>
      <pre class="file-code">
        <code ref={code}>{file.text}</code>
      </pre>
    </div>
  );
}

/** In the middle if it fits, else from its first line on. */
function showBand(scroller: HTMLElement, band: HTMLElement): void {
  const above = Math.max(24, (scroller.clientHeight - band.offsetHeight) / 2);
  scroller.scrollTo({ top: band.offsetTop - above, left: 0, behavior: 'instant' });
}

function lineNumbers(text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return Array.from({ length: Math.max(1, lines) }, (_, index) => index + 1).join('\n');
}
