import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LOCAL_TARGET_FILE, type Target, targetSchema } from '../../shared/local-target.ts';
import { EXIT, OpsError } from './exit.ts';

type Where = { cwd: string; env: Record<string, string | undefined>; file: string | undefined };

/** The target asked for, its configuration file made absolute: `--target`, `ZPA_CHANGES_TARGET`, or the local world. */
export function findTarget({ cwd, env, file }: Where): Target {
  const asked = file ?? env.ZPA_CHANGES_TARGET;
  const path = resolve(cwd, asked ?? LOCAL_TARGET_FILE);
  if (!existsSync(path)) {
    if (asked !== undefined) throw badTarget(`There is no file ${path}.`);
    const remedy = 'Run `npm start` in another terminal, or name a deployed stack with --target FILE (docs/cli.md).';
    throw new OpsError(EXIT.unreachable, 'no-target', 'No local world runs here.', remedy);
  }
  const target = parse(path);
  return { ...target, configurationFile: resolve(dirname(path), target.configurationFile) };
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
