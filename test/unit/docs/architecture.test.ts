import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** The folders named in the first column of the table under a heading, in its order. */
const roomsUnder = (heading: string): string[] => {
  const section = text.split(/^#+ /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
};

const foldersIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);

/** Imports of files below `room` that lead into another one of `rooms`, as `file → target`. */
const importsInto = (room: string, rooms: readonly string[]): string[] =>
  globSync(`${room}/**/*.ts`, { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'/g)]
      .map((match) => posix.join(posix.dirname(file), match[1] ?? ''))
      .filter((target) => rooms.some((one) => target.startsWith(`${one}/`)))
      .map((target) => `${file} → ${target}`),
  );

describe('the rooms of docs/architecture.md', () => {
  it.each(['shared', 'shared/domain', 'functions', 'functions/apply', 'cdk', 'local'])(
    'the table under %s names each folder once',
    (folder) => {
      expect(roomsUnder(folder).toSorted()).toEqual(foldersIn(folder).toSorted());
    },
  );

  it.each(['shared', 'shared/domain', 'functions/apply'])('%s: a room imports only rooms above it', (folder) => {
    const rooms = roomsUnder(folder);
    expect(rooms.length).toBeGreaterThan(4);
    expect(rooms.flatMap((room, index) => importsInto(room, rooms.slice(index + 1)))).toEqual([]);
  });
});
