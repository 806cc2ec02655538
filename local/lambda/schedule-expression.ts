/** When a schedule runs next, as EventBridge Scheduler reads its expressions (cron in UTC). */
export type Schedule =
  | { kind: 'rate'; everyMs: number }
  | { kind: 'cron'; nextAfter: (at: number) => number | undefined };

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** "Schedule types in EventBridge Scheduler": rate(value unit), cron(minutes hours day-of-month month day-of-week year). */
export function readExpression(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate !== null) {
    const everyMs = Number(rate[1]) * (UNITS[rate[2] ?? ''] ?? 0);
    if (everyMs > 0) return { kind: 'rate', everyMs };
  }
  const cron = /^cron\(([^()]+)\)$/.exec(expression);
  if (cron !== null) return { kind: 'cron', nextAfter: readCron(expression, (cron[1] ?? '').trim().split(/\s+/)) };
  throw unreadable(expression, 'expected rate(value unit) or cron(six fields)');
}

const unreadable = (expression: string, why: string) => new Error(`schedule "${expression}" cannot be read: ${why}`);

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

type Field = { name: string; low: number; high: number; names?: string[] };
const FIELDS: Field[] = [
  { name: 'minutes', low: 0, high: 59 },
  { name: 'hours', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12, names: MONTHS },
  { name: 'day of week', low: 1, high: 7, names: DAYS },
  { name: 'year', low: 1970, high: 2199 },
];

/** Days looked ahead: eight years and a bit, so that a 29 February is found across a century without one. */
const HORIZON_DAYS = 3000;

function readCron(expression: string, texts: string[]): (at: number) => number | undefined {
  if (texts.length !== FIELDS.length) throw unreadable(expression, `it has ${texts.length} fields, not six`);
  if ((texts[2] === '?') === (texts[4] === '?')) {
    throw unreadable(expression, 'exactly one of day of month and day of week must be "?"');
  }
  const sets = FIELDS.map((field, index) => readField(expression, field, texts[index] ?? ''));
  const has = (index: number, value: number) => sets[index]?.has(value) ?? false;
  const onDay = (day: Date) =>
    has(5, day.getUTCFullYear()) &&
    has(3, day.getUTCMonth() + 1) &&
    has(2, day.getUTCDate()) &&
    has(4, day.getUTCDay() + 1);
  return (at) => {
    const first = Math.floor(at / 86_400_000) * 86_400_000;
    for (let days = 0; days <= HORIZON_DAYS; days++) {
      const day = first + days * 86_400_000;
      if (!onDay(new Date(day))) continue;
      for (const hour of sets[1] ?? []) {
        for (const minute of sets[0] ?? []) {
          const moment = day + hour * 3_600_000 + minute * 60_000;
          if (moment > at) return moment;
        }
      }
    }
    return undefined;
  };
}

/** Values in ascending order. `L`, `W` and `#` are refused: nothing here needs them. */
function readField(expression: string, field: Field, text: string): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.toUpperCase().split(',')) {
    const match = /^(\*|\?|[\dA-Z]+(?:-[\dA-Z]+)?)(?:\/(\d+))?$/.exec(part);
    if (match === null) throw unreadable(expression, `${field.name} "${text}"`);
    const [low, high] = readRange(expression, field, match[1] ?? '', match[2] !== undefined);
    const step = Number(match[2] ?? 1);
    if (step < 1) throw unreadable(expression, `${field.name} "${text}"`);
    for (let value = low; value <= high; value += step) values.add(value);
  }
  return new Set([...values].sort((a, b) => a - b));
}

function readRange(expression: string, field: Field, text: string, stepped: boolean): [number, number] {
  if (text === '*' || text === '?') return [field.low, field.high];
  const [from = '', to = stepped ? String(field.high) : from] = text.split('-');
  const read = (value: string) => {
    const named = field.names?.indexOf(value) ?? -1;
    return named >= 0 ? named + field.low : /^\d+$/.test(value) ? Number(value) : Number.NaN;
  };
  const [low, high] = [read(from), read(to)];
  if (!(low >= field.low && high <= field.high && low <= high)) throw unreadable(expression, `${field.name} "${text}"`);
  return [low, high];
}
