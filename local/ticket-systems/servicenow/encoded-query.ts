/**
 * ServiceNow's encoded queries as far as they are used here: conditions joined by `^` and `^OR`, `ORDERBY`, `IN`,
 * comparisons (ServiceNow docs, "Encoded query strings"). A part that is not understood is left out, as ServiceNow does
 * by default: a mistyped query then finds too much, and a caller that relies on it fails its test.
 */
export type Row = Record<string, string>;

const CONDITION = /^([a-z_][a-z0-9_.]*)(>=|<=|!=|=|>|<|IN|LIKE)(.*)$/s;

/** `valueAt`: the value of a column, which a dotted name leads to in another record; undefined: there is no such column. */
export function runQuery(
  rows: readonly Row[],
  query: string,
  valueAt: (row: Row, name: string) => string | undefined,
): Row[] {
  const conditions: RegExpExecArray[][] = [];
  const orders: { field: string; sign: number }[] = [];
  for (const part of query.split('^').filter((one) => one !== '')) {
    const order = /^ORDERBY(DESC)?([a-z_.]+)$/.exec(part);
    if (order !== null) {
      orders.push({ field: order[2] ?? '', sign: order[1] === undefined ? 1 : -1 });
      continue;
    }
    const isOr = part.startsWith('OR');
    const condition = CONDITION.exec(isOr ? part.slice(2) : part);
    const isKnown = condition !== null && rows.some((row) => valueAt(row, condition[1] ?? '') !== undefined);
    if (!isKnown) continue;
    if (isOr) conditions.at(-1)?.push(condition);
    else conditions.push([condition]);
  }
  const fits = (row: Row, [, field = '', operator = '', value = '']: RegExpExecArray) =>
    holds(valueAt(row, field) ?? '', operator, value);
  const found = rows.filter((row) => conditions.every((any) => any.some((one) => fits(row, one))));
  return found.sort((a, b) => {
    for (const { field, sign } of orders) {
      const order = compare(a[field] ?? '', b[field] ?? '');
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function holds(actual: string, operator: string, value: string): boolean {
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case 'IN':
      return value.split(',').includes(actual);
    case 'LIKE':
      return actual.toLowerCase().includes(value.toLowerCase());
    case '>=':
      return actual >= value;
    case '<=':
      return actual <= value;
    case '>':
      return actual > value;
    default:
      return actual < value;
  }
}
