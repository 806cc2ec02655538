import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LOCAL_TARGET_FILE, TARGET_BESIDE, type Target, targetSchema } from '../../../shared/deployment/cli-target.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';

type Where = { cwd: string; env: Record<string, string | undefined>; file: string | undefined };

/** What the CLI works on, and the file that says so. */
export type FoundTarget = { target: Target; path: string };

/** The target asked for, its configuration file made absolute: `--target`, `ZPA_CHANGES_TARGET`, or the local world. */
export function findTarget({ cwd, env, file }: Where): FoundTarget {
  const asked = file ?? env.ZPA_CHANGES_TARGET;
  const path = resolve(cwd, asked ?? LOCAL_TARGET_FILE);
  if (!existsSync(path)) throw asked === undefined ? noTarget(cwd) : badTarget(`There is no file ${path}.`);
  const target = parse(path);
  return { path, target: { ...target, configurationFile: resolve(dirname(path), target.configurationFile) } };
}

function noTarget(cwd: string): OpsError {
  const folder = dirname(LOCAL_TARGET_FILE);
  const here = resolve(cwd, folder);
  const beside = existsSync(here) ? readdirSync(here).find((name) => TARGET_BESIDE.test(name)) : undefined;
  const remedy = 'Run `npm start` in another terminal, or name a deployed stack with --target FILE (docs/cli.md).';
  if (beside === undefined) return new OpsError(EXIT.unreachable, 'no-target', 'No local world runs here.', remedy);
  const sentence = 'The local world that the CLI would use by itself runs no more.';
  const another = `Another one was started beside it: --target ${join(folder, beside)}. If that has ended too: ${remedy}`;
  return new OpsError(EXIT.unreachable, 'no-target', sentence, another);
}

/** How it shows that a target is not there any more, or is another than the person thinks. */
const LOST = new Set([
  'ledger-unavailable',
  'secret-unavailable',
  'send-failed',
  'publish-failed',
  'webhook-unreachable',
  'bad-configuration',
]);

/** The failure, with the target named in its remedy where that may be the cause. */
export function nameTarget(failure: OpsError, { target, path }: FoundTarget): OpsError {
  if (!LOST.has(failure.code)) return failure;
  const named =
    target.kind === 'aws'
      ? `The target is the stack that ${path} names.`
      : `The target is the local world at ${target.ingestUrl}, which ${path} names; if it has ended, run \`npm start\`.`;
  return new OpsError(failure.exit, failure.code, failure.message, `${failure.remedy} ${named}`, failure.cause);
}

function parse(path: string): Target {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw badTarget(`${path} is not JSON that can be read.`, cause);
  }
  const parsed = targetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(file)'}: ${issue.message}`);
  throw badTarget(`${path} is not a target: ${faults.join('; ')}`);
}

function badTarget(sentence: string, cause?: unknown): OpsError {
  return new OpsError(EXIT.usage, 'bad-target', sentence, 'See "The target" in docs/cli.md.', cause);
}
