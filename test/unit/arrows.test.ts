import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rooms and the arrows between them (docs/architecture.md): who may import whom, asserted over every file. */
const root = join(import.meta.dirname, '../..');
const ROOMS = ['cdk', 'functions', 'shared', 'local', 'bench', 'docs', 'test'];

/** Code that is built and shipped; each folder here is a room with a bound on its size. */
const BUILT = ['cdk', 'functions', 'shared', 'local'];
const PURE = ['shared/domain', 'functions/apply/rules'];

const MOST_FILES = 16;

type Source = { file: string; lines: number; imports: string[] };

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesUnder(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g;

function read(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const file = relative(root, path).replaceAll('\\', '/');
  const imports = [...text.matchAll(IMPORT)].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? '';
    return target.startsWith('.') ? posix.normalize(posix.join(dirname(file), target)) : target;
  });
  return { file, lines: text.split('\n').length - 1, imports };
}

const sources = ROOMS.map((room) => join(root, room))
  .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
  .flatMap(filesUnder)
  .map(read);

const under = (file: string, ...folders: string[]) => folders.some((folder) => file.startsWith(`${folder}/`));
const isOurs = (target: string) => under(target, ...ROOMS);

/** Every arrow of files in `from` that `allowed` does not allow, as `file → target`. */
function arrows(from: string, allowed: (target: string, file: string) => boolean): string[] {
  return sources
    .filter(({ file }) => under(file, from))
    .flatMap(({ file, imports }) => imports.filter((t) => !allowed(t, file)).map((t) => `${file} → ${t}`));
}

/** Every way round that the graph allows, once each, as `a → b → a`. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (node: string, path: string[]): void => {
    if (path.includes(node)) found.push([...path.slice(path.indexOf(node)), node].join(' → '));
    if (done.has(node) || path.includes(node)) return;
    for (const target of graph.get(node) ?? []) visit(target, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}

describe('arrows', () => {
  it('finds the sources', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap((s) => s.imports).length).toBeGreaterThan(300);
  });

  it.each(PURE)('%s is pure: the core, hashing, the schema library and the decoder of entities', (room) => {
    const pure = new Set(['zod', 'node:crypto', 'node:net', 'standardwebhooks', 'entities/decode']);
    expect(arrows(room, (t) => under(t, ...PURE) || pure.has(t))).toEqual([]);
  });

  it.each(PURE)('%s reads no clock, no chance, no environment', (room) => {
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.(env|argv|hrtime|stdout)|randomUUID|randomBytes|\bconsole\.\w/;
    const files = sources.filter(({ file }) => under(file, room)).map(({ file }) => file);
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((file) => impure.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it('shared/zpa and shared/aws do not know each other, nor undici and the SDK', () => {
    const foreign = (t: string) => under(t, 'shared/aws') || t.startsWith('@aws-sdk/');
    expect(arrows('shared/zpa', (t) => !foreign(t))).toEqual([]);
    expect(arrows('shared/aws', (t) => !under(t, 'shared/zpa') && t !== 'undici')).toEqual([]);
  });

  it('shared imports nothing but shared', () => {
    expect(arrows('shared', (t) => !isOurs(t) || under(t, 'shared'))).toEqual([]);
  });

  it('a function imports itself and shared, never another function', () => {
    const own = (file: string) => file.split('/').slice(0, 2).join('/');
    expect(arrows('functions', (t, file) => !isOurs(t) || under(t, 'shared', own(file)))).toEqual([]);
  });

  it('cdk imports names and plain data only', () => {
    const data = new Set([
      'shared/deployment/permissions.ts',
      'shared/deployment/resources.ts',
      'shared/deployment/roles.ts',
      'shared/runtime/configuration-error.ts',
      'shared/deployment/cli-target.ts',
      'shared/runtime/standard-streams.ts',
    ]);
    expect(arrows('cdk', (t) => !isOurs(t) || under(t, 'cdk', 'shared/domain') || data.has(t))).toEqual([]);
  });

  it('nothing deployed imports local, bench or test; local imports neither bench nor test', () => {
    for (const room of ['cdk', 'functions', 'shared'])
      expect(arrows(room, (t) => !under(t, 'local', 'bench', 'test'))).toEqual([]);
    expect(arrows('local', (t) => !under(t, 'bench', 'test'))).toEqual([]);
    expect(arrows('bench', (t) => !under(t, 'test'))).toEqual([]);
  });

  it('has no circle of files, type imports included', () => {
    const graph = new Map(sources.map((s) => [s.file, s.imports.filter(isOurs)]));
    expect(circles(graph)).toEqual([]);
  });

  it('has no cycle of folders, type imports included', () => {
    const graph = new Map<string, string[]>();
    for (const { file, imports } of sources.filter(({ file }) => under(file, ...BUILT))) {
      const from = dirname(file);
      const to = imports.filter((t) => isOurs(t)).map((t) => dirname(t));
      graph.set(from, [...(graph.get(from) ?? []), ...to.filter((folder) => folder !== from)]);
    }
    expect(circles(graph)).toEqual([]);
  });

  it('holds at most sixteen files in a folder', () => {
    const counts = new Map<string, number>();
    for (const { file } of sources.filter(({ file }) => under(file, ...BUILT)))
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    const over = [...counts].filter(([, count]) => count > MOST_FILES);
    expect(over).toEqual([]);
  });

  it('keeps every file of the core in the folder of its subject', () => {
    expect(sources.filter(({ file }) => dirname(file) === 'shared/domain').map(({ file }) => file)).toEqual([]);
    expect(sources.filter(({ file }) => dirname(file) === 'shared').map(({ file }) => file)).toEqual([]);
  });

  it('entries only compose, and no folder is named after a noun of programming', () => {
    const entries = sources.filter(({ file }) => /^functions\/(?!ops\/)\w+\/index\.ts$/.test(file));
    expect(entries.length).toBeGreaterThanOrEqual(5);
    expect(entries.filter(({ lines }) => lines > 15).map(({ file }) => file)).toEqual([]);
    const nouns = /\/(types|utils|helpers|interfaces|services|models)\//;
    expect(sources.filter(({ file }) => nouns.test(file)).map(({ file }) => file)).toEqual([]);
  });
});
