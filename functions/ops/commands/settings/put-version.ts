import { visible } from '../../../../shared/domain/text/visible-text.ts';
import type { SettingsEntry } from '../../../../shared/ports/settings-store.ts';
import { pushSettings } from '../../../../shared/settings/push-settings.ts';
import { EXIT, type ExitCode, OpsError } from '../../output/exit-codes.ts';
import type { BareContext } from '../../session/command.ts';
import { principalOf, recordAct } from '../../session/record-act.ts';
import { openSettings } from '../../session/settings.ts';
import { type Difference, findDifference } from './find-difference.ts';
import { showDifference } from './show-difference.ts';
import { describeVersion, readNewestText, type VersionText } from './version-text.ts';

type NewVersion = {
  act: 'settings push' | 'settings rollback';
  text: string;
  note?: string | undefined;
  yes?: boolean | undefined;
  /** The version that the text was made of; the newest if absent. */
  before?: VersionText;
};

/** Pushes a text as `offerVersion` does, and prints what became of it as the document of JSON mode. */
export async function putVersion(context: BareContext, version: NewVersion): Promise<ExitCode> {
  const offered = await offerVersion(context, version);
  if (offered === undefined) return EXIT.interrupted;
  context.terminal.document(offered);
  return EXIT.ok;
}

type Offered = Difference & { version: number; pushed: boolean };

/**
 * Shows what a text changes of the settings before it, asks, and pushes it as the version after those that were compared:
 * what others pushed meanwhile is never replaced unseen. undefined: the answer was no.
 */
export async function offerVersion(
  context: BareContext,
  { act, text, note, yes = false, before: madeOf }: NewVersion,
): Promise<Offered | undefined> {
  const { terminal, processContext } = context;
  const target = context.findTarget();
  const store = openSettings(target, processContext.env);
  const before = madeOf ?? (await readNewestText(store));
  const after = { version: before.version + 1, text };
  const found = await findDifference({ before, after }, { target, env: processContext.env, store });
  if (before.version > 0 && before.text !== undefined && found.differences.length === 0) {
    terminal.say(`Version ${before.version} is identical. Nothing was pushed.`);
    return { version: before.version, pushed: false, ...found };
  }
  showDifference(terminal, found);
  if (!(await terminal.confirm(`Push this as version ${after.version}?`, yes))) return undefined;
  const details = { version: after.version, note, differences: found.differences.length };
  const pushedBy = await recordAct(context, act, details, () =>
    pushNext(context, { text, note, after: before.version }),
  );
  terminal.say(`${visible(pushedBy)} pushed version ${after.version}. It is in use within half a minute.`);
  return { version: after.version, pushed: true, ...found };
}

/**
 * Pushes checked settings as the version after the one that the caller knows, and answers by whom. Throws an `OpsError`
 * that names the others who pushed meanwhile; then nothing is pushed.
 */
export async function pushNext(
  { findTarget, processContext }: BareContext,
  { text, note, after }: { text: string; note: string | undefined; after: number },
): Promise<string> {
  const target = findTarget();
  const pushedBy = await principalOf(target, processContext.env);
  const store = openSettings(target, processContext.env);
  const pushed = await pushSettings(store, { text, after, pushedBy, now: Date.now(), note });
  if (pushed.kind === 'taken') throw takenError(after, pushed.meanwhile);
  return pushedBy;
}

function takenError(seen: number, meanwhile: readonly SettingsEntry[]): OpsError {
  const pushes = meanwhile.map(describeVersion).join(', ');
  const sentence = `Newer versions were pushed after version ${seen} was read: ${pushes}. Your settings were not pushed.`;
  const remedy = `Review it (zpa-changes settings diff --from ${seen} --to ${meanwhile[0]?.version ?? seen + 1}), add your change to the current settings, and push again.`;
  return new OpsError(EXIT.failed, 'settings-taken', sentence, remedy);
}
