import { type Finding, formatSpan, ok, unknown, wrong } from './finding.ts';

/** `date`: the header of an answer. `asked`, `answered`: this machine's time before and after it, epoch ms. */
type Time = { date: string | undefined; asked: number; answered: number };

/** Signatures hold for five minutes, of which an honest network may use some. */
const MOST_SKEW_MS = 60_000;
/** The header has no fractions of a second. */
const PRECISION_MS = 1000;

/** Checks this machine's clock against the webhook's. */
export async function checkClock({ askTime }: { askTime(): Promise<Time> }): Promise<Finding[]> {
  const { date, asked, answered } = await askTime();
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs))
    return [unknown('not checked: the answer of the webhook has no date', 'Check the webhook.')];
  const skewMs = Math.max(0, asked - PRECISION_MS - theirs, theirs - answered - PRECISION_MS);
  if (skewMs <= MOST_SKEW_MS) return [ok('this machine’s clock matches AWS time')];
  const direction = theirs > answered ? 'behind' : 'ahead of';
  const says = `this machine’s clock is ${formatSpan(skewMs)} ${direction} that of AWS; signatures are valid for five minutes`;
  return [wrong(says, 'Set the clock by NTP.')];
}
