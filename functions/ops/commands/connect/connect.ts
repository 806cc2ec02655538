import type { Command } from 'commander';
import type { SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import { flagsOf } from '../../input/questions.ts';
import { EXIT, type ExitCode, OpsError } from '../../output/exit-codes.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { secondsOf } from '../submit.ts';
import { askTicket } from './forms/ask-ticket.ts';
import type { Connected } from './forms/form.ts';
import { guideSending } from './forms/guide-sending.ts';
import { type Prepared, prepareAgain, prepareFor } from './forms/prepare.ts';
import { showForms } from './forms/show-forms.ts';
import { testTicketOf } from './forms/test-ticket.ts';
import { askingCredentials, type Credentials } from './secrets/credentials.ts';
import { makeSecrets } from './secrets/make-secrets.ts';
import { Unwritten, withAnswers } from './source/ask-answers.ts';
import { checkCredential, checkResumed, type SourceFlags } from './source/check-flags.ts';
import { connectedSource, type Newest, pushSource, readNewest } from './source/configure.ts';
import { makeSource } from './source/make-source.ts';
import { questionsFor } from './source/questions.ts';
import { watch } from './steps/watch.ts';
import { exitOfSteps, type Found, type Watched } from './steps/watch-steps.ts';

const HELP = `
Asks for the ticket system and a few names, adds the source NAME to the settings after
confirmation, makes its secrets, and prints each form of the ticket system filled in.
Then it watches a test ticket, which cannot change anything, until everything works:
one line for each step, with what to do where one fails.
Interrupted and run again, it goes on where it was. Each question is a flag as well.
Without a terminal, --secrets names a folder: tickets.txt and tickets-read.txt hold
credentials, and a generated secret is written to source.txt.
Exit code 1 if a step failed, 6 if one is still to come.
Examples:
  zpa-changes connect servicenow
  zpa-changes connect servicenow --ticket CHG0040001
  zpa-changes connect jira --system jira --url https://acme.atlassian.net \\
    --projects ZPA --email zpa-changes@acme.example --secrets ./jira-secrets --yes`;

/** Adds the command `connect`, which takes the admin of a ticket system through all that connects it. */
export function addConnect(program: Command, bind: BindBareCommand): void {
  const connect = program
    .command('connect')
    .summary('connect a ticket system step by step, and check each step')
    .description('Connects a ticket system as a source: settings, secrets, forms, and a test of every step.')
    .argument('<name>', 'name of the source; it ends the address of its webhook');
  for (const { flag, help } of flagsOf(questionsFor({}))) connect.option(flag, help);
  connect
    .option('--credential-id <sys_id>', 'ServiceNow: sys_id of the credential record that holds the secret')
    .option('--secrets <folder>', 'folder of files with the secrets, for a run without a terminal')
    .option('--ticket <number>', 'the test ticket')
    .option('--wait <seconds>', 'how long to wait for the steps', '900')
    .option('--yes', 'push the settings without asking')
    .addHelpText('after', HELP)
    .action(bind(run));
}

type ConnectFlags = SourceFlags & { secrets?: string; ticket?: string; wait: string };
type Flags = ConnectFlags & { yes?: boolean };

const run: BareCommand<Flags> = async (context, flags, name) => {
  try {
    return await connectSource(context, flags, name);
  } catch (error) {
    if (!(error instanceof OpsError) || error instanceof Unwritten || error.exit !== EXIT.interrupted) throw error;
    const remedy = `Run it again: it goes on where it was. A secret that was shown and not entered: zpa-changes secrets rotate source/${name}.`;
    throw new OpsError(EXIT.interrupted, 'interrupted', 'What was written stays.', remedy, error);
  }
};

const connectSource: BareCommand<Flags> = async (context, { yes = false, ...flags }, name = '') => {
  const waitMs = secondsOf(flags.wait) * 1000;
  const configured = await configure(context, flags, { name, yes });
  if (configured === undefined) return EXIT.interrupted;
  const { connected, secrets, forms } = configured;
  const found: Found = new Map();
  // Until the functions have the new settings, a delivery of the test ticket would be refused, and may not come again.
  if (flags.ticket === undefined && isAttended(context)) {
    await watch(context, connected, { only: 'webhook', waitMs: Math.min(waitMs, SETTINGS_MS), found });
  }
  const ticketId = await askTicket(context, flags.ticket, connected.source);
  if (ticketId === '') return stopHere(context, configured);
  const watched = await watch(context, connected, { ticketId, waitMs, found });
  context.terminal.document({
    source: name,
    address: connected.address,
    secrets,
    forms,
    ticket: ticketId,
    steps: flat(watched),
  });
  return conclude(context, connected, watched);
};

const flat = (watched: readonly Watched[]) => watched.map(({ step, finding }) => ({ step, ...finding }));

type Configured = { connected: Connected; secrets: { name: string; state: string }[]; forms: unknown[] };

/** Settings, secrets and forms. undefined: the settings were not confirmed. */
async function configure(
  context: BareContext,
  flags: ConnectFlags,
  { name, yes }: { name: string; yes: boolean },
): Promise<Configured | undefined> {
  const target = context.findTarget();
  const newest = await readNewest(context);
  const known = connectedSource(newest, name, target.source);
  const begun =
    known === undefined
      ? await begin(context, newest, { name, yes, flags })
      : resume(context, newest, { name, known, flags });
  if (begun === undefined) return undefined;
  const { source, prepared } = begun;
  const connected = { name, source, address: `${target.ingestUrl.replace(/\/$/, '')}/webhooks/${name}` };
  const credentials = begun.credentials ?? credentialsOf(context, name, prepared, flags);
  const made = await makeSecrets(context, name, { folder: flags.secrets, credentials });
  const first = prepared.forms.length + 1;
  const sending = await guideSending(context, connected, { made, first, credentialId: flags.credentialId });
  const secrets = made.map(({ value: _, ...told }) => told);
  return { connected, secrets, forms: [...prepared.forms, ...sending] };
}

type Begun = { source: SourceConfiguration; prepared: Prepared; credentials?: Credentials | undefined };

/** Asks, shows what the ticket system needs, and writes the source into the settings. undefined: it was not confirmed. */
async function begin(
  context: BareContext,
  newest: Newest,
  { name, yes, flags }: { name: string; yes: boolean; flags: ConnectFlags },
): Promise<Begun | undefined> {
  const asking = { name, questions: questionsFor(newest.settings.tenants), flags };
  return withAnswers(context, asking, async (answers) => {
    checkCredential(answers.system, flags);
    const prepared = prepareFor(answers);
    showForms(context, prepared.forms, 1);
    context.terminal.say('');
    const credentials = credentialsOf(context, name, prepared, flags);
    const built = await makeSource(context, answers, prepared.accounts && credentials);
    if (!(await pushSource(context, { name, built, yes }))) return undefined;
    const source = lookup((await readNewest(context)).settings.sources, name);
    if (source === undefined) throw new Error('the source was pushed');
    return { source, prepared, credentials };
  });
}

function resume(
  context: BareContext,
  { settings }: Newest,
  { name, known: source, flags }: { name: string; known: SourceConfiguration; flags: ConnectFlags },
): Begun {
  checkResumed(name, source, settings.tenants, flags);
  context.terminal.say('The settings have this source. Going on from there; what they hold is not asked again.');
  const prepared = prepareAgain(source);
  showForms(context, prepared.forms, 1);
  return { source, prepared };
}

function credentialsOf(context: BareContext, name: string, { accounts }: Prepared, flags: ConnectFlags): Credentials {
  if (accounts !== undefined) return askingCredentials(context, name, accounts, flags.secrets);
  return () => Promise.reject(new Error('this source calls no ticket system'));
}

function stopHere({ terminal }: BareContext, { connected, secrets, forms }: Configured): ExitCode {
  const { name, address } = connected;
  terminal.say('');
  terminal.say(`Go on with a test ticket: zpa-changes connect ${name} --ticket NUMBER`);
  terminal.document({ source: name, address, secrets, forms, testTicket: testTicketOf(connected.source) });
  return EXIT.open;
}

const isAttended = ({ terminal, processContext }: BareContext) => processContext.console.interactive && !terminal.json;

/** Functions use new settings within half a minute. */
const SETTINGS_MS = 45_000;

function conclude({ terminal }: BareContext, { name, source }: Connected, watched: readonly Watched[]): ExitCode {
  const exit = exitOfSteps(watched);
  terminal.say('');
  if (exit === EXIT.ok) {
    terminal.say(`${name} is connected. What stays: ${testTicketOf(source).stays}.`);
  } else terminal.say(`Not all steps are in order. Run the same command again: it goes on from here.`);
  return exit;
}
