import type { Command } from 'commander';
import { readCallerArn } from '../../../../shared/aws/caller-identity.ts';
import type { Target } from '../../../../shared/deployment/cli-target.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { ConfigurationError } from '../../../../shared/runtime/configuration-error.ts';
import type { SettingsDifference } from '../../../../shared/settings/compare-settings.ts';
import { endpointFaults } from '../../../../shared/settings/load-settings.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { pushSettings } from '../../../../shared/settings/push-settings.ts';
import { settingsWarnings } from '../../../../shared/settings/settings-warnings.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import { readFileOrInput } from '../../session/choose.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { allowsEndpoints, environmentOf, openSettings } from '../../session/settings.ts';

const HELP = `
The file becomes the next version, and every function works by it within half a
minute. It replaces the newest version as a whole; what differs is shown. If
somebody else pushes at the same time, one of the two is told.
Examples:
  zpa-changes settings push settings.json --note "Globex may use groups of Web"
  zpa-changes --target .zpa-changes/zpa-changes.json settings push settings.yaml`;

/** Adds the command `settings push`. */
export function addSettingsPush(settings: Command, bind: BindBareCommand): void {
  settings
    .command('push')
    .summary('make a file the settings of the target')
    .description('Checks settings, YAML or JSON, and pushes them as the next version.')
    .argument('<file>', 'the settings, or - for stdin')
    .option('--note <text>', 'what the change is for; it stays with the version')
    .addHelpText('after', HELP)
    .action(bind(push));
}

type Options = { note?: string };

const push: BareCommand<Options> = async (context, { note }, file = '-') => {
  const { terminal, processContext } = context;
  const target = context.findTarget();
  const text = await readChecked(context, target, file);
  const env = environmentOf(target, processContext.env);
  let pushedBy = 'local';
  const whoPushes = async () => {
    if (target.kind === 'aws') pushedBy = await readCallerArn({ env });
    return pushedBy;
  };
  const store = openSettings(target, processContext.env);
  const { kind, version, differences } = await pushSettings(store, { text, whoPushes, now: Date.now(), note });
  if (kind === 'taken') throw takenError(version);
  showDifferences(terminal, differences);
  if (kind === 'same') terminal.say(`Version ${version} says the same: nothing is pushed.`);
  else terminal.say(`Version ${version} is pushed by ${visible(pushedBy)}; it is in use within half a minute.`);
  terminal.document({ version, pushed: kind === 'pushed', differences });
  return EXIT.ok;
};

async function readChecked({ terminal, processContext }: BareContext, target: Target, file: string): Promise<string> {
  const { settings, text } = parseSettings(await readFileOrInput(file, processContext), file);
  const faults = allowsEndpoints(target) ? [] : endpointFaults(settings);
  if (faults.length > 0) throw new ConfigurationError(file, faults);
  for (const warning of settingsWarnings(settings)) terminal.warn(warning);
  return text;
}

function takenError(version: number): OpsError {
  const sentence = `Somebody else pushed version ${version} meanwhile; nothing of yours was pushed.`;
  return new OpsError(
    EXIT.failed,
    'settings-taken',
    sentence,
    'Put your change into what is there now, and push again.',
  );
}

function showDifferences({ colours, say }: Terminal, differences: readonly SettingsDifference[]): void {
  for (const { path, before, after } of differences) {
    const shown = (value: unknown) => visible(JSON.stringify(value), 200);
    if (before === undefined) say(colours.green(`+ ${visible(path)} = ${shown(after)}`));
    else if (after === undefined) say(colours.red(`- ${visible(path)} = ${shown(before)}`));
    else say(colours.yellow(`~ ${visible(path)}: ${shown(before)} → ${shown(after)}`));
  }
}
