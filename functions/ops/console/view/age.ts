const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** The time since something, or until it, in its largest unit: `3 d`, `45 min`, `under 1 min`. */
export function spanOf(ms: number): string {
  const span = Math.abs(ms);
  for (const [unit, size] of UNITS) if (span >= size) return `${Math.floor(span / size)} ${unit}`;
  return 'under 1 min';
}
