import picocolors from 'picocolors';
import { asSentence } from '../../../shared/domain/text/sentence.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { EXIT, OpsError } from './exit-codes.ts';
import { formatTable } from './format-table.ts';
import { wrapLine } from './wrap-line.ts';

/** What the CLI has of the process it runs in; tests bring their own. */
export type Console = {
  out(text: string): void;
  err(text: string): void;
  readInput(): Promise<string>;
  /** Somebody sits at both ends and can be asked. */
  interactive: boolean;
  colours: boolean;
  /** Width of the terminal that stdout is; undefined: it is none. */
  columns?: number | undefined;
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
  /** Columns without borders, so that it can be piped on; fitted to a terminal. Cells are made harmless here. */
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

export function createTerminal(console: Console, json: boolean): Terminal {
  const colours = picocolors.createColors(console.colours);
  return {
    colours,
    json,
    say: (line) => {
      if (!json) console.out(`${wrapLine(line, console.columns)}\n`);
    },
    raw: (text) => console.out(text),
    document: (value) => {
      if (json) console.out(`${JSON.stringify(value, null, 2)}\n`);
    },
    table: (head, rows) => {
      if (json) return;
      const cells = rows.map((row) => row.map(show));
      console.out(formatTable(head, cells, colours.dim, console.columns));
    },
    progress: (line) => {
      if (console.interactive && !json) console.err(`${colours.dim(line)}\n`);
    },
    warn: (line) => console.err(`${colours.yellow(line)}\n`),
    fail: (error) => console.err(json ? failJson(error) : failText(colours, error, console.columns)),
    confirm: async (question, yes) => {
      if (yes) return true;
      if (!console.interactive || json) {
        throw new OpsError(EXIT.usage, 'not-confirmed', 'This needs a yes.', 'Repeat the command with --yes.');
      }
      const yesThen = await console.ask(question);
      if (!yesThen) console.err(`${colours.dim('Nothing was done.')}\n`);
      return yesThen;
    },
  };
}

const show = (cell: Cell) => (typeof cell === 'string' ? visible(cell) : cell.colour(visible(cell.text)));

/** Code and sentence, then what to do. */
function failText(colours: Colours, error: OpsError, width: number | undefined): string {
  const sentences = error.message.split('\n').map((line) => wrapLine(visible(asSentence(line), 2000), width));
  const remedy = wrapLine(visible(asSentence(error.remedy), 2000), width);
  return `${colours.red(error.code)}: ${sentences.join('\n')}\n${remedy}\n`;
}

function failJson({ code, message, remedy, exit }: OpsError): string {
  return `${JSON.stringify({ error: { code, sentence: message, remedy, exit } })}\n`;
}
