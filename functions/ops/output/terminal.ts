import picocolors from 'picocolors';
import { asSentence } from '../../../shared/domain/text/sentence.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { EXIT, OpsError } from './exit-codes.ts';
import { formatTable } from './format-table.ts';
import { wrapLine } from './wrap-line.ts';

/** The parts of the process that the CLI uses; tests provide their own. */
export type Console = {
  out(text: string): void;
  err(text: string): void;
  readInput(): Promise<string>;
  /** True if stdin and stderr are terminals, so that a person can be asked. */
  interactive: boolean;
  colours: boolean;
  /** Width of the terminal; undefined if stdout is none. */
  columns?: number | undefined;
  ask(question: string): Promise<boolean>;
  /** Asks for a text and shows nothing of it. */
  askSecret(question: string): Promise<string>;
  /** Asks for a text until `fault` finds nothing wrong with it. */
  askText(question: TextQuestion): Promise<string>;
  /** Opens a file with the program that the person uses for its kind; false: nothing could be started. */
  openFile?(path: string): Promise<boolean>;
};

/** `fault` says what is wrong with an answer. */
export type TextQuestion = { message: string; preset?: string; fault: (answer: string) => string | undefined };

type Colours = ReturnType<typeof picocolors.createColors>;

/** The output of one command. Results go to stdout; progress, warnings and errors go to stderr. */
export type Terminal = {
  colours: Colours;
  json: boolean;
  /** Prints one line of a result, except in JSON mode. */
  say(line: string): void;
  /** Prints text as it is. */
  raw(text: string): void;
  /** Prints the only document of JSON mode; does nothing otherwise. */
  document(value: unknown): void;
  /**
   * Prints columns without borders, fitted to a terminal; other programs can read them. Escapes control characters. Prints nothing
   * without rows: a head alone looks like something that failed.
   */
  table(head: string[], rows: Cell[][]): void;
  /** Prints progress of a slow command to stderr, if a person uses the terminal. */
  progress(line: string): void;
  warn(line: string): void;
  fail(error: OpsError): void;
  /** Resolves to true with `--yes`, else asks the person. Rejects with a usage error if nobody can be asked. */
  confirm(question: string, yes: boolean): Promise<boolean>;
  /** Asks for a text; undefined: nobody can be asked. */
  ask(question: TextQuestion): Promise<string | undefined>;
};

/** Text, or text with a colour. The text may come from outside and is not trusted. */
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
      if (json || rows.length === 0) return;
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
        throw new OpsError(
          EXIT.usage,
          'not-confirmed',
          'This command needs a confirmation.',
          'Run it again with --yes.',
        );
      }
      const confirmed = await console.ask(question);
      if (!confirmed) console.err(`${colours.dim('Cancelled. Nothing was changed.')}\n`);
      return confirmed;
    },
    ask: async (question) => (console.interactive && !json ? console.askText(question) : undefined),
  };
}

const show = (cell: Cell) => (typeof cell === 'string' ? visible(cell) : cell.colour(visible(cell.text)));

/** The name of a field begins the line. */
const FIELD = /^\s*\p{Ll}[\w-]*(?: = .*)?: /u;

/** Formats an error as its code and sentence, followed by its remedy. */
function failText(colours: Colours, error: OpsError, width: number | undefined): string {
  // The first line of several may introduce the others.
  const ended = (line: string) => {
    if (line.endsWith(':')) return line;
    const sentence = asSentence(line);
    return FIELD.test(line) ? line.trim().charAt(0) + sentence.slice(1) : sentence;
  };
  const sentences = error.message.split('\n').map((line) => wrapLine(visible(ended(line), 2000), width));
  const remedy = wrapLine(visible(asSentence(error.remedy), 2000), width);
  return `${colours.red(error.code)}: ${sentences.join('\n')}\n${remedy}\n`;
}

function failJson({ code, message, remedy, exit }: OpsError): string {
  return `${JSON.stringify({ error: { code, sentence: message, remedy, exit } })}\n`;
}
