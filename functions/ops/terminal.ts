import Table from 'cli-table3';
import picocolors from 'picocolors';
import { visible } from '../../shared/domain/visible-text.ts';
import { EXIT, OpsError } from './exit.ts';

/** What the CLI has of the process it runs in; tests bring their own. */
export type Console = {
  out(text: string): void;
  err(text: string): void;
  readInput(): Promise<string>;
  /** Somebody sits at both ends and can be asked. */
  interactive: boolean;
  colours: boolean;
  ask(question: string): Promise<boolean>;
};

type Colours = ReturnType<typeof picocolors.createColors>;

/** Output of one command. Results go to stdout, everything about the way there to stderr. */
export type Terminal = {
  colours: Colours;
  json: boolean;
  /** One line of a result; nothing in JSON mode. */
  say(line: string): void;
  /** Verbatim. */
  raw(text: string): void;
  /** The one document of JSON mode; nothing otherwise. */
  document(value: unknown): void;
  /** Columns without borders, so that it can be piped on. Cells are made harmless here. */
  table(head: string[], rows: Cell[][]): void;
  /** What takes long says so, on stderr, where somebody watches. */
  progress(line: string): void;
  warn(line: string): void;
  fail(error: OpsError): void;
  /** Yes by `--yes` or by the person; without either a usage error. */
  confirm(question: string, yes: boolean): Promise<boolean>;
};

/** Text, or text with a colour; both may be foreign. */
export type Cell = string | { text: string; colour: (text: string) => string };

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
);

export function createTerminal(console: Console, json: boolean): Terminal {
  const colours = picocolors.createColors(console.colours);
  return {
    colours,
    json,
    say: (line) => {
      if (!json) console.out(`${line}\n`);
    },
    raw: (text) => console.out(text),
    document: (value) => {
      if (json) console.out(`${JSON.stringify(value, null, 2)}\n`);
    },
    table: (head, rows) => {
      if (json) return;
      const table = new Table({
        head: head.map((name) => colours.dim(name)),
        chars: { ...NO_BORDERS, middle: '  ' },
        style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      });
      for (const row of rows) table.push(row.map(show));
      const lines = table.toString().split('\n');
      console.out(`${lines.map((line) => line.trimEnd()).join('\n')}\n`);
    },
    progress: (line) => {
      if (console.interactive && !json) console.err(`${colours.dim(line)}\n`);
    },
    warn: (line) => console.err(`${colours.yellow(line)}\n`),
    fail: (error) => console.err(json ? failJson(error) : failText(colours, error)),
    confirm: async (question, yes) => {
      if (yes) return true;
      if (!console.interactive || json) {
        throw new OpsError(EXIT.usage, 'not-confirmed', 'This needs a yes.', 'Repeat the command with --yes.');
      }
      return await console.ask(question);
    },
  };
}

const show = (cell: Cell) => (typeof cell === 'string' ? visible(cell) : cell.colour(visible(cell.text)));

function failText(colours: Colours, error: OpsError): string {
  const sentence = error.message.split('\n').map((line) => visible(line, 2000));
  return `${colours.red(`${error.code}: ${sentence.join('\n')}`)}\n${visible(error.remedy, 2000)}\n`;
}

function failJson({ code, message, remedy, exit }: OpsError): string {
  return `${JSON.stringify({ error: { code, sentence: message, remedy, exit } })}\n`;
}
