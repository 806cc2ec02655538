import { describe, expect, it } from 'vitest';
import { EXIT, OpsError, toOpsError } from '../../../../functions/ops/output/exit-codes.ts';
import { createTerminal } from '../../../../functions/ops/output/terminal.ts';
import { createRecordingConsole, plain } from '../recording-console.ts';

const HOSTILE = 'a\u001B[2Jb\u202Ec\r\nd';

describe('the terminal', () => {
  it('makes foreign text in tables and errors harmless', () => {
    const console = createRecordingConsole();
    const terminal = createTerminal(console, false);
    terminal.table(['name'], [[HOSTILE], [{ text: HOSTILE, colour: terminal.colours.red }]]);
    terminal.fail(new OpsError(EXIT.failed, 'bad', HOSTILE.replace('\n', ''), HOSTILE));
    const shown = console.stdout() + console.stderr();
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(shown).toContain('a\\u{1B}[2Jb\\u{202E}c\\u{D}\\u{A}d');
  });

  it('colours only where it was told that somebody looks', () => {
    const [coloured, piped] = [createRecordingConsole({ colours: true }), createRecordingConsole()];
    for (const console of [coloured, piped]) {
      const terminal = createTerminal(console, false);
      terminal.table(['state'], [[{ text: 'stopped', colour: terminal.colours.red }]]);
    }
    expect(coloured.stdout()).not.toBe(plain(coloured.stdout()));
    expect(piped.stdout()).toBe('state\nstopped\n');
    expect(plain(coloured.stdout())).toBe(piped.stdout());
  });

  it('prints nothing of a table without rows', () => {
    const console = createRecordingConsole();
    createTerminal(console, false).table(['key', 'state'], []);
    expect(console.stdout()).toBe('');
  });

  it('spells the field that begins a line of an error as it is', () => {
    const console = createRecordingConsole();
    createTerminal(console, false).fail(
      new OpsError(
        EXIT.usage,
        'bad',
        'tenants: is missing\nlook: here\nsources = ["x"]: must be an object',
        'correct it',
      ),
    );
    expect(console.stderr()).toBe(
      'bad: tenants: is missing.\nlook: here.\nsources = ["x"]: must be an object.\nCorrect it.\n',
    );
  });

  it('in JSON mode prints the document alone, and errors as JSON', () => {
    const console = createRecordingConsole({ interactive: true });
    const terminal = createTerminal(console, true);
    terminal.say('line');
    terminal.table(['a'], [['b']]);
    terminal.progress('reading …');
    terminal.document({ a: HOSTILE });
    expect(JSON.parse(console.stdout())).toEqual({ a: HOSTILE });
    expect(console.stderr()).toBe('');
    terminal.fail(new OpsError(EXIT.notFound, 'gone', 'Not there.', 'Look elsewhere.'));
    expect(JSON.parse(console.stderr())).toEqual({
      error: { code: 'gone', sentence: 'Not there.', remedy: 'Look elsewhere.', exit: 3 },
    });
  });

  it('asks a person, obeys --yes, and refuses to guess where nobody sits', async () => {
    const person = createRecordingConsole({ interactive: true, answer: false });
    expect(await createTerminal(person, false).confirm('Sure?', false)).toBe(false);
    expect(person.asked).toEqual(['Sure?']);
    const script = createRecordingConsole();
    expect(await createTerminal(script, false).confirm('Sure?', true)).toBe(true);
    await expect(createTerminal(script, false).confirm('Sure?', false)).rejects.toMatchObject({ exit: EXIT.usage });
    expect(script.asked).toEqual([]);
  });
});

describe('errors of others', () => {
  const fault = { code: 'rate-limited', class: 'transient', scope: 'tenant', effect: 'none' };

  it.each<[string, unknown, Partial<OpsError>]>([
    ['an AWS failure', Object.assign(new Error('x'), { code: 'ledger-unavailable' }), { exit: EXIT.unreachable }],
    ['a ZPA failure', Object.assign(new Error('x'), { fault }), { exit: EXIT.unreachable, code: 'rate-limited' }],
    ['a bad configuration', Object.assign(new Error('x'), { code: 'bad-configuration' }), { exit: EXIT.usage }],
    ['a bug', new TypeError('x is not a function'), { exit: EXIT.failed, code: 'unexpected' }],
    ['no error at all', 'text', { exit: EXIT.failed, message: 'text' }],
  ])('%s gets an exit code and a remedy', (_, error, expected) => {
    expect(toOpsError(error)).toMatchObject(expected);
    expect(toOpsError(error).remedy).not.toBe('');
  });
});
