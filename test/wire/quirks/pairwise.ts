/** One value of each factor. */
export type Row = Record<string, string>;

type Factors = Readonly<Record<string, readonly string[]>>;

/**
 * Rows in which every two values of different factors meet at least once. Greedy: each row begins with a pair that is
 * still missing and takes, factor by factor, the value that brings most of the missing pairs with it.
 */
export function pairwise(factors: Factors): Row[] {
  const names = Object.keys(factors);
  const missing = new Set(
    names.flatMap((one, index) => names.slice(index + 1).flatMap((other) => pairs(factors, one, other))),
  );
  const rows: Row[] = [];
  while (missing.size > 0) {
    const row = rowWith(factors, missing);
    for (const pair of pairsOf(row)) missing.delete(pair);
    rows.push(row);
  }
  return rows;
}

const pairOf = (one: string, value: string, other: string, otherValue: string) =>
  one < other ? `${one}=${value} ${other}=${otherValue}` : `${other}=${otherValue} ${one}=${value}`;

function pairs(factors: Factors, one: string, other: string): string[] {
  return (factors[one] ?? []).flatMap((value) =>
    (factors[other] ?? []).map((otherValue) => pairOf(one, value, other, otherValue)),
  );
}

/** Every pair that a row, also a row half filled, holds. */
export function pairsOf(row: Row): string[] {
  const entries = Object.entries(row);
  return entries.flatMap(([one, value], index) =>
    entries.slice(index + 1).map(([other, otherValue]) => pairOf(one, value, other, otherValue)),
  );
}

function rowWith(factors: Factors, missing: ReadonlySet<string>): Row {
  const [first = ''] = missing;
  const row: Row = Object.fromEntries(first.split(' ').map((part) => part.split('=') as [string, string]));
  for (const [name, values] of Object.entries(factors)) {
    if (name in row) continue;
    const brings = (value: string) =>
      Object.entries(row).filter(([other, otherValue]) => missing.has(pairOf(name, value, other, otherValue))).length;
    const [best] = values.toSorted((a, b) => brings(b) - brings(a));
    if (best !== undefined) row[name] = best;
  }
  return row;
}
