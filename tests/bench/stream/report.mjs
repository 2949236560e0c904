// Medians of the repetitions, and the Markdown table of them.
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { subjects } from './subjects.mjs';

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function number(value) {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** One subject's cell: the median, of a difference the absolute median too, and the ratio to nginx. */
function cell(figure, subject, repetitions) {
  const whole = repetitions.filter((runs) => runs[subject] && (!figure.absolute || runs.direct));
  if (whole.length === 0) return '-';
  if (subject === 'direct' && !figure.absolute) return '-';
  const absolute = () => number(median(whole.map((runs) => runs[subject][figure.absolute])));
  if (subject === 'direct') return `(${absolute()})`;
  const value = (runs, name) => figure.of(runs[name], runs.direct);
  let text = number(median(whole.map((runs) => value(runs, subject))));
  if (figure.absolute) text += ` (${absolute()})`;
  const beside = whole.filter((runs) => runs.nginx);
  if (subject !== 'nginx' && beside.length > 0) {
    const ratio = median(beside.map((runs) => value(runs, subject) / value(runs, 'nginx')));
    if (Number.isFinite(ratio)) text += `, ${ratio.toFixed(2)} x`;
  }
  return text;
}

/** `results`: a list of { scenario, repetitions }, each repetition a subject's name to its run. */
export function table(names, results) {
  const lines = [
    `| | ${names.map((name) => subjects[name].title).join(' | ')} |`,
    `| --- |${' --- |'.repeat(names.length)}`,
  ];
  for (const { scenario, repetitions } of results) {
    for (const figure of scenario.figures) {
      const cells = names.map((name) => cell(figure, name, repetitions));
      const title = `${scenario.title}: ${figure.title} (${figure.unit})`;
      lines.push(`| ${title} | ${cells.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}

export function machine() {
  const all = cpus();
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  const date = new Date().toISOString().slice(0, 10);
  return `${all.length} cores of ${all[0].model.trim()}, Linux ${release()}, ${system}, ${date}`;
}
