import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** One row of the table in docs/runbook-walk.md. */
export type WalkRow = {
  alarm: string;
  provoke: string[];
  /** The cause takes days, and the test makes them pass in its own way. */
  takesDays: boolean;
  /** Commands that show the trouble, each with a text of its output. */
  sees: { command: string; says: string }[];
  remedy: string[];
  /** AWS's seconds until all is well. */
  wellAfterSeconds: number;
};

const COMMAND =
  /^(npx zpa-changes|curl|for|change|deliver|run|later|purge|start_redrive|\w+_(fault|faults|state|operator|console)) ?/;

const text = readFileSync(resolve(import.meta.dirname, '../../../docs/runbook-walk.md'), 'utf8');

/** The short commands of the document, as bash. */
export const definitions = /```bash\n(.*?)```/s.exec(text)?.[1] ?? '';

export const rows: WalkRow[] = [...text.matchAll(/^\| `([a-z-]+)` \|(.*)\|$/gm)].map(([, alarm = '', rest = '']) => {
  const [provoke = '', sees = '', remedy = '', well = ''] = rest.split(/ \| /);
  return {
    alarm,
    provoke: codesOf(provoke),
    takesDays: provoke.includes('Not in minutes'),
    sees: [...sees.matchAll(/`([^`]+)` says “([^”]+)”/g)].map(([, command = '', says = '']) => ({ command, says })),
    remedy: codesOf(remedy),
    wellAfterSeconds: secondsOf(well),
  };
});

/** The commands of a cell; other code in it names things. */
function codesOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code).filter((code) => COMMAND.test(code));
}

function secondsOf(well: string): number {
  const [, count = '0', unit = 'min'] = /(\d+) (s|min|h)/.exec(well) ?? [];
  return Number(count) * { s: 1, min: 60, h: 3600 }[unit as 's' | 'min' | 'h'];
}
