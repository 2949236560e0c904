/// Numbers as people read them.

const whole = new Intl.NumberFormat('en');

export function count(value: number): string {
  return whole.format(value);
}

export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function lineRange(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`;
}
