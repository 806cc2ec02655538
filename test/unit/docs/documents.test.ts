import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const under = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return under(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...under('docs')];
const text = (path: string) => readFileSync(join(root, path), 'utf8');

const sources = ['cdk', 'functions', 'shared', 'local', 'bench', 'docs', 'test'].flatMap((room) =>
  globSync(`${room}/**/*.ts`, { cwd: root }),
);

/** Text in backticks. */
const codeIn = (path: string) => [...text(path).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');

/** Targets of Markdown links, without those into the web. */
const linksOf = (path: string) =>
  [...text(path).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '').filter((to) => !/^[a-z]+:/.test(to));

/** As GitHub makes them of headings. */
const anchorsOf = (path: string) => [
  ...[...text(path).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  ),
  ...[...text(path).matchAll(/<a id="([^"]+)">/g)].map((match) => match[1] ?? ''),
];

const leadsSomewhere = (from: string, link: string) => {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : relative(root, join(root, dirname(from), file));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
};

describe('documents', () => {
  it.each(documents)('%s: every link leads somewhere', (path) => {
    expect(linksOf(path).filter((link) => !leadsSomewhere(path, link))).toEqual([]);
  });

  it.each(documents)('%s: names only paths of the repository that exist', (path) => {
    const named = [
      ...text(path).matchAll(/`((?:shared|functions|local|cdk|test|bench|docs)\/[\w./-]+\.(?:ts|md|json))`/g),
    ];
    expect(named.map((match) => match[1] ?? '').filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it.each(['CONTRIBUTING.md', 'docs/architecture.md'])('%s: every path with a slash leads to something', (path) => {
    const named = codeIn(path).filter((code) => /^[\w.{},*-]+(\/[\w.{},*-]+)+$/.test(code));
    expect(named.length).toBeGreaterThan(20);
    // A word in capitals stands for any name.
    const pattern = (code: string) => code.replaceAll(/\b[A-Z]{2,}\b/g, '*');
    expect(named.filter((code) => globSync(pattern(code), { cwd: root }).length === 0)).toEqual([]);
  });

  it('name no TypeScript file that is gone, by its bare name either, nor do comments', () => {
    // The stack's configuration is the user's own file, made from the example at the top.
    const own = ['zpa-changes.config.ts', 'zpa-changes.config.example.ts'];
    const names = new Set([...sources.map((file) => basename(file)), ...own]);
    const gone = [...documents, ...sources].flatMap((path) =>
      codeIn(path)
        .filter((code) => /^[\w.-]+\.ts$/.test(code) && !names.has(code))
        .map((code) => `${path}: ${code}`),
    );
    expect(gone).toEqual([]);
  });

  it('have every heading of docs/architecture.md that code and documents point to', () => {
    const anchors = anchorsOf('docs/architecture.md');
    const lost = [...sources, ...documents].flatMap((path) =>
      [...text(path).matchAll(/architecture\.md#([\w-]+)/g)]
        .filter((match) => !anchors.includes(match[1] ?? ''))
        .map((match) => `${path}: #${match[1]}`),
    );
    expect(lost).toEqual([]);
  });

  it('are what code points to, never a paper outside the repository', () => {
    const outside = new RegExp(['design', '§'].join(' '), 'i');
    expect(sources.filter((path) => outside.test(text(path)))).toEqual([]);
  });

  it('every decision stands in the index, under its number and title', () => {
    const index = text('docs/adr/README.md');
    for (const path of under('docs/adr').filter((one) => !one.endsWith('README.md'))) {
      const file = path.replace('docs/adr/', '');
      const [, number, title] = /^# (\d+)\. (.+)\n/.exec(text(path)) ?? [];
      expect(file).toMatch(new RegExp(`^0*${number}-`));
      expect(index).toContain(`| ${number} | [${title}](${file}) |`);
      expect(text(path)).toMatch(/^\*\*Status\*\* /m);
    }
  });
});
