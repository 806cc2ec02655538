import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import type { StoredSettings } from '../../../../shared/ports/settings-store.ts';
import { compareSettings } from '../../../../shared/settings/compare-settings.ts';
import { explainSettings } from '../../../../shared/settings/explain/explain-settings.ts';
import type { Meaning } from '../../../../shared/settings/explain/meaning.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { listKeys } from '../../output/list-keys.ts';
import type { Terminal } from '../../output/terminal.ts';
import { showMeanings } from '../settings/show-difference.ts';
import type { Standing } from './standing-changes.ts';

/** A tenant that is taken from the settings at once rejects what is open of it; a retirement cancels it before. */
const ofRetirement =
  (tenant: string) =>
  (meaning: Meaning): Meaning =>
    meaning.path === `tenants.${tenant}`
      ? {
          ...meaning,
          sentence: `Tenant "${tenant}": is removed once none of its changes is open. Its failures can no longer be retried then.`,
        }
      : meaning;

type Retirement = { tenant: string; settings: StoredSettings; removed: string; standing: Standing; secrets: string[] };

/** Shows what the settings lose, which open changes end, which of them are in progress in ZPA, and which secrets go. */
export function showRetirement(terminal: Terminal, { tenant, settings, removed, standing, secrets }: Retirement): void {
  const differences = compareSettings(parseJson(settings.text), parseJson(removed));
  const [before, after] = [settings.text, removed].map((text) => parseSettings(text, 'the settings').settings);
  if (before !== undefined && after !== undefined)
    showMeanings(terminal, { differences, meanings: explainSettings(before, after).map(ofRetirement(tenant)) });
  const waiting = standing.open.map(({ ref }) => ref.idempotencyKey);
  const keys = waiting.filter((key) => !standing.inHand.includes(key));
  if (keys.length > 0) terminal.say(`To be cancelled: ${listKeys('open change', keys)}.`);
  if (standing.inHand.length > 0)
    terminal.say(`In progress in ZPA, completed first: ${listKeys('open change', standing.inHand)}.`);
  if (secrets.length > 0) terminal.say(`To be deleted: ${secrets.map((name) => visible(name)).join(', ')}.`);
  terminal.say(`The history of "${visible(tenant)}" stays in the ledger.`);
}
