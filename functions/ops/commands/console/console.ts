import { once } from 'node:events';
import type { Command } from 'commander';
import { errorCode } from '../../../../shared/ports/error-code.ts';
import { openConsole } from '../../console/server/open-console.ts';
import { ACTS, PAGES } from '../../console/server/pages.ts';
import type { ConsoleServer } from '../../console/server/server.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';

type Options = { port: string; open: boolean };

const HELP = `
The console runs on this machine and works with your own AWS rights. Only the
printed link opens it. Ctrl-C ends it.
Examples:
  zpa-changes console
  zpa-changes --target .zpa-changes/harbour.json console --port 8080 --no-open`;

/** Adds the command `console`. */
export function addConsole(program: Command, bindBare: BindBareCommand): void {
  program
    .command('console')
    .summary('open a web page on this machine: changes, failures, lanes and drift')
    .description('Opens a web page on this machine: changes, failures, lanes and drift of the target.')
    .option('--port <number>', 'port on 127.0.0.1; default: any free one', '0')
    .option('--no-open', 'print the link and open no browser')
    .addHelpText('after', HELP)
    .action(bindBare(serve));
}

const serve: BareCommand<Options> = async (context, options) => {
  const { terminal, signal, processContext } = context;
  const server = await open(context, portOf(options.port));
  try {
    terminal.say(`The console is at ${server.entryUrl}`);
    terminal.document({ url: server.entryUrl });
    if (options.open) await processContext.console.openFile?.(server.openUrl);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await server.close();
  }
  return EXIT.ok;
};

async function open(context: BareContext, port: number): Promise<ConsoleServer> {
  try {
    return await openConsole(context, port, { pages: PAGES, acts: ACTS });
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    const sentence = `Port ${port} is in use.`;
    throw new OpsError(EXIT.usage, 'port-in-use', sentence, 'Choose another one, or leave --port out.', error);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new OpsError(EXIT.usage, 'bad-option', `--port ${text} is no port.`, 'For example: --port 8080');
}
