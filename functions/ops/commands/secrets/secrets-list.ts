import { type Command, InvalidArgumentError } from 'commander';
import { forEachAtOnce } from '../../../../shared/runtime/at-once.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { type JudgedSecret, judgeSecrets } from './judge-secrets.ts';
import { openSecrets, shortName } from './open-secrets.ts';

const HELP = `
Secret values are not read. stale: unchanged for longer than --max-age. unused: not
needed by the settings or the stack. rotating: two values are valid.`;

const CHECK_HELP = `${HELP}
Exit code 0 if no action is needed, 1 otherwise.
Examples:
  zpa-changes secrets check --max-age 90
  zpa-changes secrets check --settings settings.json    before they are pushed`;

/** Adds the commands `secrets list` and `secrets check`. */
export function addSecretsList(secrets: Command, bind: BindBareCommand): void {
  const both = (name: string) =>
    secrets
      .command(name)
      .option('--max-age <days>', 'age from which a value is stale', parseDays, 365)
      .option('--settings <file>', 'settings file to use instead of the pushed settings');
  both('list')
    .description('Lists the secrets that the settings need, whether they exist, and their age.')
    .addHelpText('after', HELP)
    .action(bind(list));
  both('check')
    .description('Lists missing, unused and stale secrets, for use in a pipeline.')
    .addHelpText('after', CHECK_HELP)
    .action(bind(check));
}

type Options = { maxAge: number; settings?: string };

const list: BareCommand<Options> = async (context, options) => {
  show(context.terminal, await judge(context, options));
  return EXIT.ok;
};

const check: BareCommand<Options> = async (context, options) => {
  const judged = await judge(context, options);
  const problems = judged.secrets.filter(({ isProblem }) => isProblem);
  if (problems.length === 0) context.terminal.say(`All ${judged.secrets.length} secrets are in order.`);
  show(context.terminal, { ...judged, secrets: problems });
  return problems.length === 0 ? EXIT.ok : EXIT.failed;
};

type Judged = { stack: string; secrets: JudgedSecret[] };

const DAY_MS = 24 * 60 * 60 * 1000;
const ASKED_AT_ONCE = 10;

/**
 * Judges by the store's list. As the list may be minutes old, what it would have done something about is looked at by
 * itself before anybody is told so.
 */
async function judge(context: BareContext, { maxAge, settings }: Options): Promise<Judged> {
  const { stack, store, needed } = await openSecrets(context, settings);
  const age = { now: Date.now(), maxAgeMs: maxAge * DAY_MS };
  const listed = await store.list(`${stack}/`);
  const doubtful = judgeSecrets(needed, listed, age).filter(({ isProblem }) => isProblem);
  const stored = new Map(listed.map((entry) => [entry.name, entry]));
  await forEachAtOnce(doubtful, ASKED_AT_ONCE, async ({ name }) => {
    const entry = await store.describe(name);
    if (entry === undefined) stored.delete(name);
    else stored.set(name, entry);
  });
  return { stack, secrets: judgeSecrets(needed, [...stored.values()], age) };
}

function show(terminal: Terminal, { stack, secrets }: Judged): void {
  if (secrets.length > 0) {
    terminal.table(
      ['secret', 'state', 'changed', 'needed by'],
      secrets.map(({ name, state, changedAt, neededBy = '', isProblem }) => {
        const colour = isProblem ? terminal.colours.red : terminal.colours.green;
        const cell: Cell = { text: state, colour };
        return [shortName(stack, name), cell, changedAt === undefined ? '' : formatTime(changedAt), neededBy];
      }),
    );
  }
  terminal.document({ stack, secrets });
}

function parseDays(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a number of days, from 1.');
}
