// Of times and rankings, what is told of them.

/** The value below which `share` of them lie. */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const median = (numbers) => percentile(numbers, 0.5);
export const mean = (numbers) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** nDCG and recall of files at `cut`; a path counts where it stands first. */
export function qualityOf(paths, relevant, cut = 10) {
  const wanted = new Set(relevant);
  const gain = (rank) => 1 / Math.log2(rank + 2);
  const sum = (ranks) => ranks.reduce((total, rank) => total + gain(rank), 0);
  const found = [...new Set(paths)]
    .slice(0, cut)
    .flatMap((path, rank) => (wanted.has(path) ? [rank] : []));
  const ideal = Array.from({ length: Math.min(wanted.size, cut) }, (_, rank) => rank);
  return { ndcg: sum(found) / sum(ideal), recall: found.length / wanted.size };
}

export const shown = (figure) => (figure < 100 ? figure.toPrecision(2) : figure.toFixed(0));

export function table(rows) {
  const [head, ...rest] = rows;
  const line = (cells) => console.log(`| ${cells.join(' | ')} |`);
  console.log();
  for (const cells of [head, head.map(() => '---'), ...rest]) line(cells);
}
