import type { Clock } from '../../../../../shared/ports/ports.ts';
import { couldNotCheck, type Finding } from '../../../checks/finding.ts';
import { EXIT, type ExitCode } from '../../../output/exit-codes.ts';
import type { Terminal } from '../../../output/terminal.ts';
import type { Step } from './steps.ts';

/** The last finding of each step. */
export type Found = Map<string, Finding>;

export type Watched = { step: string; finding: Finding };

type Watch = {
  steps: readonly Step[];
  beginRound: () => void;
  clock: Pick<Clock, 'now' | 'sleep'>;
  signal: AbortSignal;
  /** The longest wait, and the pause between two rounds, in ms. */
  waitMs: number;
  pauseMs: number;
};

const isDone = (finding: Finding | undefined) => finding?.result === 'ok' || finding?.result === 'skipped';

/**
 * Looks at the steps round by round until all are in order or the time is over, and prints each as soon as it says something
 * new: a step that fails is looked at again, because a person mends it meanwhile. Says once what to do where one is
 * long silent. Looks once if there is nothing to wait for.
 * `found`: of an earlier watch, whose steps in order stay so.
 */
export async function watchSteps(terminal: Terminal, watch: Watch, found: Found = new Map()): Promise<Watched[]> {
  const { steps, clock, signal, waitMs, pauseMs } = watch;
  const begunAt = clock.now();
  const until = begunAt + waitMs;
  const hinted = new Set<string>();
  for (;;) {
    signal.throwIfAborted();
    watch.beginRound();
    for (const step of steps) await lookAt(terminal, step, found);
    const open = steps.filter(({ name }) => !isDone(found.get(name)));
    if (open.length === 0 || clock.now() + pauseMs > until) break;
    if (clock.now() - begunAt >= PATIENCE_MS) hint(terminal, open, { found, hinted });
    await clock.sleep(pauseMs, signal);
  }
  const watched = steps.flatMap(({ name }) => {
    const finding = found.get(name);
    return finding === undefined ? [] : [{ step: name, finding }];
  });
  for (const { step, finding } of watched) if (finding.result === 'unknown') show(terminal, step, finding, false);
  return watched;
}

/** Silence this long is no delay any more: a person is told what may be wrong while they can still mend it. */
const PATIENCE_MS = 30_000;

function hint(terminal: Terminal, open: readonly Step[], { found, hinted }: { found: Found; hinted: Set<string> }) {
  for (const { name } of open) {
    const finding = found.get(name);
    if (finding?.result !== 'unknown' || finding.remedy === undefined || hinted.has(name)) continue;
    hinted.add(name);
    show(terminal, name, finding, true);
  }
}

async function lookAt(terminal: Terminal, { name, needs, look }: Step, found: Found): Promise<void> {
  const before = found.get(name);
  if (isDone(before)) return;
  const missing = needs.find((one) => !isDone(found.get(one)));
  const waits = { result: 'unknown', says: `waits for the step "${missing}"` } as const;
  const finding: Finding =
    missing === undefined ? await look().catch((error: unknown) => couldNotCheck(error, NEEDED)) : waits;
  found.set(name, finding);
  if (before?.says === finding.says) return;
  if (finding.result === 'unknown') terminal.progress(`  … ${name}: ${finding.says}`);
  else show(terminal, name, finding, true);
}

const NEEDED = ['secretsmanager:GetSecretValue', 'dynamodb:GetItem'];

const MARKS = { ok: '✓', wrong: '✗', unknown: '?', skipped: '–' } as const;

function show({ say, colours }: Terminal, step: string, { result, says, remedy }: Finding, isNews: boolean): void {
  const colour = { ok: colours.green, wrong: colours.red, unknown: colours.yellow, skipped: colours.dim }[result];
  say(`${colour(`${MARKS[result]} ${step.padEnd(LONGEST)}`)}  ${says}`);
  if (remedy !== undefined && (isNews || result === 'unknown')) say(`    ${colours.dim(remedy)}`);
}

const LONGEST = 'transition'.length;

/** 1 if a step failed, 6 while one is still to come. */
export function exitOfSteps(watched: readonly Watched[]): ExitCode {
  if (watched.some(({ finding }) => finding.result === 'wrong')) return EXIT.failed;
  return watched.every(({ finding }) => isDone(finding)) ? EXIT.ok : EXIT.open;
}
