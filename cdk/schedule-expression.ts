/**
 * What is wrong with an EventBridge Scheduler expression, in one sentence; `undefined` if nothing is. CloudFormation's
 * own offline validation takes any text here, and the mistake would show only in the middle of a deployment.
 * Recurring forms only: `rate(value unit)` and `cron(minutes hours day-of-month month day-of-week year)`
 * (EventBridge Scheduler user guide, "Schedule types"); a one-time `at(…)` would stop the sweeper for good.
 */
export function scheduleFault(expression: string): string | undefined {
  const rate = /^rate\((\d+) (\w+)\)$/.exec(expression);
  if (rate) return rateFault(Number(rate[1]), rate[2] ?? '');
  const cron = /^cron\(([^()]+)\)$/.exec(expression);
  if (cron) return cronFault((cron[1] ?? '').split(' '));
  return 'must be rate(5 minutes) or cron(0 6 * * ? *)';
}

function rateFault(value: number, unit: string): string | undefined {
  const single = /^(minute|hour|day)s?$/.exec(unit)?.[1];
  if (single === undefined) return 'a rate counts minutes, hours or days: rate(5 minutes)';
  if (value < 1) return 'a rate is at least 1';
  const right = value === 1 ? single : `${single}s`;
  return unit === right ? undefined : `write rate(${value} ${right}): AWS wants "${single}" for 1, else "${single}s"`;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

type Field = { name: string; least: number; most: number; words?: string[]; special?: RegExp };
const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31, special: /^(\?|L|\d{1,2}W)$/ },
  { name: 'month', least: 1, most: 12, words: MONTHS },
  { name: 'day of week', least: 1, most: 7, words: DAYS, special: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', least: 1970, most: 2199 },
];

function cronFault(parts: readonly string[]): string | undefined {
  if (parts.length !== FIELDS.length) return `a cron has 6 fields separated by single spaces, this one ${parts.length}`;
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? '';
    const wrong = part.split(',').find((item) => !isItem(item, field));
    if (wrong !== undefined) return `"${wrong}" cannot be the ${field.name} (${field.least} to ${field.most})`;
  }
  const [, , dayOfMonth, , dayOfWeek] = parts;
  return (dayOfMonth === '?') === (dayOfWeek === '?')
    ? 'exactly one of day of month and day of week must be "?"'
    : undefined;
}

function isItem(item: string, field: Field): boolean {
  if (field.special?.test(item)) return true;
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0 || (step !== undefined && !isNumber(step, 1, field.most))) return false;
  if (range === '*') return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every((end) => field.words?.includes(end) || isNumber(end, field.least, field.most));
}

function isNumber(text: string, least: number, most: number): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most;
}
