import type { StackState } from '../../../../shared/aws/inspect/stack-state.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { ConfigurationError } from '../../../../shared/runtime/configuration-error.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { couldNotCheck, type Finding, ok, wrong } from '../../checks/finding.ts';
import { DESCRIBE_STACK } from '../../checks/versions.ts';

/** Stack that `cdk bootstrap` makes, without which nothing can be deployed. */
export const TOOLKIT = 'CDKToolkit';

/** `environment` is the account and region as `cdk bootstrap` takes them. */
type Account = { toolkit(): Promise<StackState>; environment(): Promise<string> };

/** Checks that the account is bootstrapped for CDK. */
export async function checkAccount({ toolkit, environment }: Account): Promise<Finding[]> {
  try {
    const { status } = await toolkit();
    return [ok(`it is bootstrapped for CDK (${status})`)];
  } catch (error) {
    const found = couldNotCheck(error, DESCRIBE_STACK);
    if (found.result !== 'wrong') return [found];
    return [wrong('it is not bootstrapped for CDK in this region', `npx cdk bootstrap ${await environment()}`)];
  }
}

/** Both files that a deployment needs; a text is undefined where there is no such file. */
type Files = { stack: string; settings: string; read(file: string): string | undefined };

/** Checks that the stack's configuration is there, and the settings too, and well-formed. */
export function checkFiles({ stack, settings, read }: Files): Finding[] {
  const init = 'npx zpa-changes init';
  const configured =
    read(stack) === undefined ? wrong('is missing', init, stack) : ok('exists; npm run synth checks it', stack);
  const text = read(settings);
  return [configured, text === undefined ? wrong('is missing', init, settings) : checkText(text, settings)];
}

function checkText(text: string, file: string): Finding {
  try {
    parseSettings(text, file);
    return ok('exists and is valid', file);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return wrong(`has ${formatCount(error.faults.length, 'fault')}`, `npx zpa-changes settings check ${file}`, file);
  }
}
