import type { IndexReport, ReportedFiles } from 'weir';

import { count, counted, size } from '../words.ts';
import { pack } from './packs.ts';

/** What was not taken into the pack that was just made, and why. */
export function LeftOut() {
  const report = pack.value?.report;
  if (!report) return null;
  const { left_out, converted } = report;
  if (left_out.length === 0 && converted.length === 0) return null;
  return (
    <details class="left-out">
      <summary>{summary(report)}</summary>
      <ul>
        {[...left_out, ...converted].map((files) => (
          <Reason key={files.reason} files={files} />
        ))}
      </ul>
    </details>
  );
}

function summary({ left_out, converted }: IndexReport): string {
  const sum = (list: ReportedFiles[]) => list.reduce((all, { files }) => all + files, 0);
  const parts = [];
  if (left_out.length > 0) parts.push(`${counted(sum(left_out), 'file', 'files')} left out`);
  if (converted.length > 0) {
    parts.push(`${counted(sum(converted), 'file', 'files')} converted`);
  }
  return parts.join(', ');
}

function Reason({ files: { reason, files, bytes, paths } }: { files: ReportedFiles }) {
  return (
    <li>
      <details>
        <summary>
          {count(files)} {reason}
          {bytes > 0 && <small> {size(bytes)}</small>}
        </summary>
        <ul class="left-out-paths" tabIndex={0} role="list" aria-label={`Files ${reason}`}>
          {paths.map((path) => (
            <li key={path}>
              <bdi>{path}</bdi>
            </li>
          ))}
          {paths.length < files && <li>and {count(files - paths.length)} more</li>}
        </ul>
      </details>
    </li>
  );
}
