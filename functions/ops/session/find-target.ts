import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  LOCAL_TARGET_FILE,
  OTHER_LOCAL_TARGET,
  type Target,
  targetSchema,
} from '../../../shared/deployment/cli-target.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';

/** Error code where no file is the target. */
export const NO_TARGET = 'no-target';

type Where = { cwd: string; env: Record<string, string | undefined>; file: string | undefined };

/** A target and the file from which it was read. */
export type FoundTarget = { target: Target; path: string };

/**
 * Finds the target (`--target`, `ZPA_CHANGES_TARGET`, or the local world).
 */
export function findTarget({ cwd, env, file }: Where): FoundTarget {
  const named = file ?? env.ZPA_CHANGES_TARGET;
  const path = resolve(cwd, named ?? LOCAL_TARGET_FILE);
  if (!existsSync(path)) throw named === undefined ? noTargetError(cwd) : noFileError(path);
  return { path, target: parse(path) };
}

function noFileError(path: string): OpsError {
  const remedy = '`npm run deploy` writes the file of a stack: docs/deploy.md. See "The target" in docs/cli.md.';
  return new OpsError(EXIT.usage, NO_TARGET, `There is no file ${path}.`, remedy);
}

function noTargetError(cwd: string): OpsError {
  const beside = otherLocalTarget(resolve(cwd, dirname(LOCAL_TARGET_FILE)));
  const remedy = 'Run `npm start` in another terminal, or name a deployed stack with --target FILE (docs/cli.md).';
  if (beside === undefined)
    return new OpsError(EXIT.unreachable, NO_TARGET, 'No local demo is running in this folder.', remedy);
  const sentence = 'The local demo that the CLI would use is no longer running.';
  const another = `Another one was started beside it: --target ${join(dirname(LOCAL_TARGET_FILE), beside)}. If that has ended too: ${remedy}`;
  return new OpsError(EXIT.unreachable, NO_TARGET, sentence, another);
}

/** The target file in this folder of a world that was started beside the first one; undefined: there is none. */
function otherLocalTarget(folder: string): string | undefined {
  return existsSync(folder) ? readdirSync(folder).find((name) => OTHER_LOCAL_TARGET.test(name)) : undefined;
}

/** Error codes that may mean that the target does not exist any more, or is not the one that the person intends. */
const TARGET_ERRORS = new Set([
  'ledger-unavailable',
  'secret-unavailable',
  'secret-not-written',
  'send-failed',
  'publish-failed',
  'webhook-unreachable',
  'settings-unavailable',
  'no-settings',
]);

/** Adds the target to the remedy of a failure that the target may have caused. */
export function addTargetToRemedy(failure: OpsError, { target, path }: FoundTarget): OpsError {
  if (!TARGET_ERRORS.has(failure.code)) return failure;
  const hint = target.kind === 'aws' ? `The target is the stack that ${path} names.` : localHint(target, path);
  return new OpsError(failure.exit, failure.code, failure.message, `${failure.remedy} ${hint}`, failure.cause);
}

function localHint({ ingestUrl }: Target, path: string): string {
  const other = otherLocalTarget(dirname(path));
  const next =
    other === undefined || other === basename(path) ? 'run `npm start`' : `use --target ${join(dirname(path), other)}`;
  return `The target is the local demo at ${ingestUrl}, which ${path} names; if it has ended, ${next}.`;
}

function parse(path: string): Target {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw badTargetError(`${path} is not JSON that can be read.`, cause);
  }
  const parsed = targetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(file)'}: ${issue.message}`);
  throw badTargetError(`${path} is not a target: ${faults.join('; ')}`);
}

function badTargetError(sentence: string, cause?: unknown): OpsError {
  return new OpsError(EXIT.usage, 'bad-target', sentence, 'See "The target" in docs/cli.md.', cause);
}
