/** One field of a cron expression that is a set of numbers. */
export type CronField = {
  name: string;
  min: number;
  max: number;
  /** Names of its numbers, beginning with `min`. */
  words?: readonly string[];
};

/** The expression is invalid; the message is a sentence with its remedy. */
export class ScheduleFault extends Error {
  override readonly name = 'ScheduleFault';
}

/** The numbers that a field allows, ascending. Throws `ScheduleFault`. */
export function parseCronField(text: string, field: CronField): readonly number[] {
  const values = new Set(text.split(',').flatMap((item) => readItem(item, field)));
  return [...values].sort((a, b) => a - b);
}

/** `*`, a number, a name or a range, each with or without a step. */
function readItem(item: string, field: CronField): number[] {
  const [range = '', step, ...more] = item.split('/');
  const every = step === undefined ? 1 : toNumber(step);
  if (more.length > 0 || !(every >= 1 && every <= field.max)) throw cronFieldFault(item, field);
  const [first, last] = readRange(range, step !== undefined, item, field);
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => first + index * every);
}

function readRange(range: string, stepped: boolean, item: string, field: CronField): [first: number, last: number] {
  if (range === '*') return [field.min, field.max];
  const [from = '', to, ...more] = range.split('-');
  const first = readValue(from, field);
  const last = to === undefined ? (stepped ? field.max : first) : readValue(to, field);
  if (more.length > 0 || first === undefined || last === undefined) throw cronFieldFault(item, field);
  if (first > last) throw new ScheduleFault(`"${item}" runs backwards; write two ranges with a comma between them`);
  return [first, last];
}

function readValue(text: string, { min, max, words = [] }: CronField): number | undefined {
  const word = words.indexOf(text);
  const value = word >= 0 ? word + min : toNumber(text);
  return value >= min && value <= max ? value : undefined;
}

const toNumber = (text: string) => (/^\d{1,4}$/.test(text) ? Number(text) : Number.NaN);

/** The fault of an item that the field does not allow. `also`: further forms of the field, beyond a set of numbers. */
export function cronFieldFault(item: string, { name, min, max }: CronField, also = ''): ScheduleFault {
  return new ScheduleFault(`"${item}" cannot be the ${name} (${min} to ${max}${also})`);
}
