import type { Target } from '../../../../shared/deployment/cli-target.ts';
import { ConfigurationError } from '../../../../shared/runtime/configuration-error.ts';
import { allowsEndpoints, endpointFaults } from '../../../../shared/settings/load-settings.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { settingsWarnings } from '../../../../shared/settings/settings-warnings.ts';
import { readFileOrInput } from '../../session/choose.ts';
import type { BareContext } from '../../session/command.ts';

/** Reads a file of settings that may be pushed to the target, warns of what is worth a look, and answers its JSON. */
export async function readSettingsFile(context: BareContext, target: Target, file: string): Promise<string> {
  return checkSettingsText(context, target, await readFileOrInput(file, context.processContext), file);
}

/** Checks a text of settings as `readSettingsFile` does. Throws `ConfigurationError` with its faults. */
export function checkSettingsText({ terminal }: BareContext, target: Target, given: string, file: string): string {
  const { settings, text } = parseSettings(given, file);
  const faults = allowsEndpoints(target.env) ? [] : endpointFaults(settings);
  if (faults.length > 0) throw new ConfigurationError(file, faults);
  for (const warning of settingsWarnings(settings)) terminal.warn(warning);
  return text;
}
