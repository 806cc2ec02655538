import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { confirm, input } from '@inquirer/prompts';
import { toStderr, toStdout } from '../../../shared/runtime/standard-streams.ts';
import { askSecret } from './ask-secret.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { EXIT, OpsError } from './exit-codes.ts';
import type { Console } from './terminal.ts';

/** The console of this process. It uses colours only on a terminal, and not with NO_COLOR (no-color.org). */
export function processConsole(): Console {
  const { stdin, stdout, stderr, env } = process;
  const interactive = stdin.isTTY === true && stderr.isTTY === true;
  return {
    out: toStdout,
    err: toStderr,
    readInput: async () => decodeUtf8(await buffer(stdin), 'The input'),
    interactive,
    colours: stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb',
    ...(stdout.isTTY === true && stdout.columns > 0 ? { columns: stdout.columns } : {}),
    ask: (message) => answerOf(confirm({ message, default: false }, { output: stderr }), 'Answer y or n.'),
    askSecret: (message) => answerOf(askSecret(message, { output: stderr }), 'Paste it, and press Enter.'),
    askText: ({ message, preset, fault }) => {
      const validate = (answer: string) => fault(answer) ?? true;
      const given = preset === undefined ? {} : { default: preset };
      return answerOf(input({ message, validate, ...given }, { output: stderr }), 'Answer the questions.');
    },
    ...(interactive && { openFile }),
  };
}

/** Programs that take a path as their only argument. None is a shell, which would read `&` in the name of a folder. */
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };

async function openFile(path: string): Promise<boolean> {
  const opener = spawn(OPENERS[process.platform] ?? 'xdg-open', [path], { detached: true, stdio: 'ignore' });
  opener.unref();
  return once(opener, 'spawn').then(
    () => true,
    () => false,
  );
}

/** The answer to a question. Rejects with an `OpsError` if the person ends it, which does not repeat what was typed. */
async function answerOf<Answer>(question: Promise<Answer>, remedy: string): Promise<Answer> {
  try {
    return await question;
  } catch {
    throw new OpsError(EXIT.interrupted, 'interrupted', 'Nothing was done.', remedy);
  }
}
