/**
 * ServiceNow's encoded queries as far as they are used here: conditions joined by `^`, `ORDERBY`, `IN`, comparisons
 * (ServiceNow docs, "Encoded query strings"). A part that is not understood is left out, as ServiceNow does by default:
 * a mistyped query then finds too much, and a caller that relies on it fails its test.
 */
export type Row = Record<string, string>;

const CONDITION = /^([a-z_][a-z0-9_.]*)(>=|<=|!=|=|>|<|IN|LIKE)(.*)$/s;

export function runQuery(rows: readonly Row[], query: string): Row[] {
  let found = [...rows];
  const orders: { field: string; sign: number }[] = [];
  for (const part of query.split('^').filter((one) => one !== '')) {
    const order = /^ORDERBY(DESC)?([a-z_.]+)$/.exec(part);
    if (order !== null) {
      orders.push({ field: order[2] ?? '', sign: order[1] === undefined ? 1 : -1 });
      continue;
    }
    const condition = CONDITION.exec(part);
    if (condition === null) continue;
    const [, field = '', operator = '', value = ''] = condition;
    if (rows.some((row) => field in row)) found = found.filter((row) => holds(row[field] ?? '', operator, value));
  }
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
