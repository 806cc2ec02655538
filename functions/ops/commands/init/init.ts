import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { errorCode } from '../../../../shared/ports/error-code.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';
import { CHECKOUT, settingsText, stackText } from './file-texts.ts';
import { type Answers, askAnswers, FLAGS } from './questions.ts';

const STACK_FILE = 'zpa-changes.config.ts';
const SETTINGS_FILE = 'settings.json';

const HELP = `
Asks on a terminal for what no flag says. Run it at the top of the checkout; it
replaces no file. The source that it writes sends this product's own JSON; once the
settings are pushed, "zpa-changes connect SOURCE" makes it take tickets.
Examples:
  zpa-changes init
  zpa-changes init --tenant acme-prod --customer-id 216196257331281920 \\
    --vanity acme --source servicenow --alarm-email netsec@acme.example`;

/** Adds the command `init`. */
export function addInit(program: Command, bind: BindBareCommand): void {
  const init = program
    .command('init')
    .summary('create the configuration of a stack and its first settings')
    .description(`Writes ${STACK_FILE} and ${SETTINGS_FILE} into this folder.`)
    .addHelpText('after', HELP);
  for (const { flag, help } of FLAGS) init.option(flag, help);
  init.action(bind(run));
}

const run: BareCommand<Partial<Answers>> = async ({ terminal, processContext: { cwd } }, flags) => {
  const [stackFile, settingsFile] = [resolve(cwd, STACK_FILE), resolve(cwd, SETTINGS_FILE)];
  for (const file of [stackFile, settingsFile]) if (existsSync(file)) throw existsError(file);
  const answers = await askAnswers(terminal, flags);
  const settings = settingsText(answers, cwd);
  parseSettings(settings, SETTINGS_FILE);
  await writeNew(stackFile, stackText(answers, cwd));
  try {
    await writeNew(settingsFile, settings);
  } catch (error) {
    await rm(stackFile);
    throw error;
  }
  const next = nextCommands(answers.name, cwd);
  terminal.say(`${STACK_FILE} and ${SETTINGS_FILE} are written. Commit them; they contain no secrets. Next steps:`);
  for (const command of next) terminal.say(`  ${command}`);
  terminal.document({ written: [STACK_FILE, SETTINGS_FILE], next });
  return EXIT.ok;
};

/** The doctor names the secrets that are still to be made. */
const nextCommands = (name: string, folder: string) => [
  folder === CHECKOUT ? 'npm run deploy' : `ZPA_CHANGES_CONFIG=${resolve(folder, STACK_FILE)} npm run deploy`,
  `npx zpa-changes --target .zpa-changes/${name}.json settings push ${SETTINGS_FILE}`,
  `npx zpa-changes --target .zpa-changes/${name}.json doctor`,
];

/** Fails if somebody has made the file meanwhile. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') throw existsError(file);
    throw new OpsError(
      EXIT.failed,
      'not-written',
      `${file} cannot be written.`,
      'Check the permissions of the folder.',
      cause,
    );
  }
}

const existsError = (file: string) =>
  new OpsError(EXIT.usage, 'file-exists', `${file} already exists.`, 'Edit it, or move it away.');
