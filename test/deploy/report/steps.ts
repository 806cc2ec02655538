import Table from 'cli-table3';
import picocolors from 'picocolors';
import { toStdout } from '../../../shared/runtime/standard-streams.ts';

/** Prints what a step waits for or does at the moment. */
export type Say = (line: string) => void;

export type Steps = {
  /** Runs one step; the text that it returns is its line in the table. A failed step ends the run. */
  step(name: string, run: (say: Say) => Promise<string>): Promise<void>;
  /** Runs a step that makes something, and returns that. */
  make<Made>(name: string, run: (say: Say) => Promise<[made: Made, seen: string]>): Promise<Made>;
  /** The table of all steps so far. */
  table(): string;
};

type Row = { name: string; seconds: number; seen: string };

const print = (line: string) => toStdout(`${line}\n`);

/** Creates the record of a run. No step begins once the signal is aborted. */
export function createSteps(signal: AbortSignal): Steps {
  const rows: Row[] = [];
  const make: Steps['make'] = async (name, run) => {
    signal.throwIfAborted();
    print(picocolors.bold(name));
    const startedAt = performance.now();
    const end = (seen: string) => {
      rows.push({ name, seconds: (performance.now() - startedAt) / 1000, seen });
    };
    try {
      const [made, seen] = await run((line) => print(picocolors.dim(`  ${line}`)));
      end(seen);
      print(`  ${seen}`);
      return made;
    } catch (error) {
      end(picocolors.red(signal.aborted ? 'interrupted' : 'failed'));
      throw error;
    }
  };
  return {
    make,
    step: (name, run) => make(name, async (say) => [undefined, await run(say)]),
    table: () => tableOf(rows),
  };
}

function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ['step', 'seconds', 'seen'],
    style: { head: [], border: [] },
    colWidths: [30, 9, 90],
    wordWrap: true,
  });
  for (const { name, seconds, seen } of rows) table.push([name, seconds.toFixed(1), seen]);
  table.push(['all', rows.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1), '']);
  return table.toString();
}
