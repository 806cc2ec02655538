import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A state in a file: whole or as it was before, also when the process is killed while it is written (not power loss). */
export type StateFile<State> = { read(): State | undefined; write(state: State): void };

/** Only this program writes the file, so what is in it is believed. */
export function stateFile<State>(file: string): StateFile<State> {
  return {
    read() {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as State;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write(state) {
      writeFileSync(`${file}.new`, JSON.stringify(state));
      renameSync(`${file}.new`, file);
    },
  };
}
