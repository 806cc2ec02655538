import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode } from '../../../../../shared/ports/error-code.ts';
import type { BareContext } from '../../../session/command.ts';

/**
 * Files of secrets for a run without a person, in the folder that `--secrets` names: `tickets.txt` and `tickets-read.txt` hold
 * credentials, and a generated value is written to `source.txt`, or `tickets.txt` of a tool that checks results.
 */
const fileOf = ({ processContext }: BareContext, folder: string, kind: string) =>
  resolve(processContext.cwd, folder, `${kind}.txt`);

/** Reads a value; undefined: there is no folder or no such file. */
export async function readGiven(
  context: BareContext,
  folder: string | undefined,
  kind: string,
): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  try {
    return (await readFile(fileOf(context, folder, kind), 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a generated value to a new file that only its owner may read, and answers its path. */
export async function writeGenerated(
  context: BareContext,
  folder: string,
  kind: string,
  value: string,
): Promise<string> {
  const file = fileOf(context, folder, kind);
  await writeFile(file, `${value}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}
