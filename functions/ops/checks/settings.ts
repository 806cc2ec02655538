import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import type { Clock } from '../../../shared/ports/ports.ts';
import type { SettingsReader } from '../../../shared/ports/settings-store.ts';
import { findInForce, type LoadingStack } from '../../../shared/settings/load-settings.ts';
import { type Finding, formatSpan, ok, wrong } from './finding.ts';

type Settings = { store: SettingsReader; stack: LoadingStack; clock: Pick<Clock, 'now'> };

/** Checks that the functions can work by the newest settings, and says which these are. */
export async function checkSettings({ store, stack, clock }: Settings): Promise<Finding[]> {
  const found = await findInForce(store, stack);
  if (found === undefined) return [wrong('no settings have been pushed yet', 'zpa-changes settings push FILE')];
  const { newest, configuration: used, refused } = found;
  const [fault] = refused;
  if (fault !== undefined) {
    const instead = used === undefined ? 'no version can be used' : `version ${used.settingsVersion} is in use`;
    const remedy = 'zpa-changes settings check FILE, then settings push FILE.';
    return [wrong(`version ${fault.version} cannot be used: ${fault.why}; ${instead}`, remedy)];
  }
  const stored = await store.readVersion(newest);
  const pushed =
    stored !== undefined && 'pushedAt' in stored
      ? `, pushed ${formatSpan(clock.now() - stored.pushedAt)} ago by ${stored.pushedBy}`
      : '';
  return [ok(`version ${newest} is in use${pushed}${used === undefined ? '' : `; ${contentsOf(used)}`}`)];
}

function contentsOf({ tenants, sources }: Configuration): string {
  const [first, second] = [tenants, sources].map((named) => Object.keys(named).length);
  return `${formatCount(first ?? 0, 'tenant')}, ${formatCount(second ?? 0, 'source')}`;
}
