import type { Command } from 'commander';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { endpointFaults } from '../../../../shared/settings/load-settings.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { settingsWarnings } from '../../../../shared/settings/settings-warnings.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { readFileOrInput } from '../../session/choose.ts';
import type { BareCommand, BindBareCommand } from '../../session/command.ts';

const HELP = `
Lists every fault with its path and remedy. Nothing is sent.
Examples:
  zpa-changes settings check settings.json
  zpa-changes settings check - < settings.yaml`;

/** Adds the command `settings check`. */
export function addSettingsCheck(settings: Command, bind: BindBareCommand): void {
  settings
    .command('check')
    .summary('validate a settings file')
    .description('Validates a settings file (YAML or JSON). No target is needed.')
    .argument('<file>', 'the settings, or - for stdin')
    .addHelpText('after', HELP)
    .action(bind(check));
}

const check: BareCommand = async ({ terminal, processContext }, _options, file = '-') => {
  const { settings } = parseSettings(await readFileOrInput(file, processContext), file);
  const forTrials = endpointFaults(settings).map(
    ({ path }) => `${path}: only a stack with "simulatedZpa" and the local world take it; others refuse the push.`,
  );
  const warnings = [...settingsWarnings(settings), ...forTrials];
  const [tenants, sources] = [settings.tenants, settings.sources].map((named) => Object.keys(named).length);
  for (const warning of warnings) terminal.warn(warning);
  terminal.say(
    `The settings are valid: ${formatCount(tenants ?? 0, 'tenant')}, ${formatCount(sources ?? 0, 'source')}.`,
  );
  terminal.document({ tenants, sources, warnings });
  return EXIT.ok;
};
