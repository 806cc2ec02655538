import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringLiterals } from './string-literals.ts';

/** The words that texts for people avoid, each with the word of the field that they use. */
const root = join(import.meta.dirname, '../../..');

const AVOIDED: readonly (readonly [RegExp, string])[] = [
  [/\bredr(?:ive|iven|ove|ives|iving)\b/i, 'retry'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bdiscard(?:s|ed|ing)? (?:the|a|this|that) failure/i, 'dismiss'],
  [/\b(?:brought|brings?) (?:it |them |this )?to (?:its|their|an) end\b/i, 'completed'],
  [/\btaken up\b/i, 'an attempt, or in progress'],
  [/\bat the door\b|\bdoorm/i, 'rejected by the webhook'],
  [/\b(?:be|is|are|was|were|been|not|being) carried out\b|\bcarr(?:y|ies|ied) (?:it|them) out\b/i, 'apply'],
  [/\bin reach\b/i, 'policy impact'],
  [/\bgeneration \d/i, 'retry 1, 2, …'],
  [/\bwhoever (?:keeps|configures) the (?:configuration|settings)\b/i, 'the owner of the settings'],
  [/\bnobody can tell\b/i, 'it is unknown whether'],
  [/\bwants? to announce\b|\bto announce\b/i, 'notifications pending'],
  [/\blook again\b/i, 'refresh'],
  [/\bthe shape of the contract\b/i, 'matches the schema'],
  [/\bZPA console\b/i, 'the ZPA admin portal'],
  [/\bin no ticket\b/i, 'unmanaged'],
  [/\bbegun on\b|\bset right\b|\bheld back by hand\b/i, 'plain verbs'],
];

/** Terms of AWS and of the code, names that are typed or stored as they are, and names of tests. */
const TERMS =
  /^failures redrive$|dead-letter queue redrive|DLQ redrive|redrive (?:policy|of(?= `))|\(in code[^)]*\)|`[^`]*`|\*[^*]*\*|\]\([^)]*\)|<a id[^>]*>/gi;

/** Texts that other programs dictate. */
const QUOTED = /^local\/(?:aws|zpa-simulator)\//;

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const code = ['shared', 'functions', 'cdk', 'local']
  .flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root }))
  .filter((path) => !QUOTED.test(path));

const documents = ['README.md', ...globSync('docs/*.md', { cwd: root })];

/** Text that a person reads has a blank in it; names of fields, files and codes have none. */
const isProse = (text: string) => /[a-z…,.:] [a-z…"(]/i.test(text);

const avoidedIn = (text: string): string[] =>
  AVOIDED.flatMap(([pattern, better]) => {
    const found = pattern.exec(text.replaceAll(TERMS, ''));
    return found === null ? [] : [`${found[0]} → ${better}`];
  });

/** A page without its code blocks, which show stored fields and commands. */
const proseOf = (page: string) => page.replaceAll(/```[\s\S]*?```/g, '');

it.each(documents.filter((path) => path !== 'README.md'))('%s begins with whom it is for', (path) => {
  expect(read(path)).toMatch(/^# .+\n\n(?:<!--.*-->\n\n)?For .+/);
});

describe('texts for people use the words of the field', () => {
  it.each(code)('%s', (path) => {
    const texts = stringLiterals(read(path)).filter(isProse);
    expect(texts.flatMap((text) => avoidedIn(text).map((found) => `${found}: ${text}`))).toEqual([]);
  });

  it.each(documents)('%s', (path) => {
    const lines = proseOf(read(path)).split('\n');
    expect(lines.flatMap((text) => avoidedIn(text).map((found) => `${found}: ${text}`))).toEqual([]);
  });

  it('finds a word in a literal and a template, and passes comments, patterns, terms of AWS and commands', () => {
    const source = [
      "const a = 'Mend it, then retry.'; // mend it",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is a source that is read
      'const b = `It was ' + '${count > 1 ? `taken up ${count} times` : "once"}.`;',
      "const c = /mend '/; /* mend it */ const d = 'the queue’s redrive policy does it';",
    ].join('\n');
    expect(stringLiterals(source)).toEqual([
      'Mend it, then retry.',
      'taken up … times',
      'once',
      'It was ….',
      'the queue’s redrive policy does it',
    ]);
    expect(stringLiterals(source).flatMap(avoidedIn)).toEqual(['Mend → fix', 'taken up → an attempt, or in progress']);
    expect(avoidedIn('`failures redrive` still works')).toEqual([]);
  });
});
