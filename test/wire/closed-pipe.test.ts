import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { run } from '../../functions/ops/program.ts';
import { createRecordingConsole } from '../unit/ops/recording-console.ts';

/** A reader that closes the pipe early, as `| head` does. */
const root = join(import.meta.dirname, '../..');

type Closed = 'stdout' | 'stderr';

/** Runs a program whose reader is gone before the first line; what it wrote to the other stream. */
async function runWithout(closed: Closed, args: readonly string[]) {
  const program = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  program[closed].destroy();
  const [said, [code, signal]] = await Promise.all([
    text(closed === 'stdout' ? program.stderr : program.stdout),
    once(program, 'exit'),
  ]);
  return { said, code, signal };
}

describe('a closed pipe', () => {
  it.each([
    ['the bill of materials', ['test/witnesses/sbom.ts']],
    ['the command line', ['functions/ops/index.ts', 'settings', 'check', 'settings.example.json']],
    ['a measure', ['bench/main.ts', '--help']],
    ['soak', ['test/soak/main.ts', '--help']],
    ['the simulator, which stops as after Ctrl-C', ['local/zpa-simulator/main.ts', '--port', '0']],
  ])('ends quietly: %s', async (_, args) => {
    expect(await runWithout('stdout', args)).toEqual({ said: '', code: 0, signal: null });
  });

  it('of errors changes neither the result nor the exit code', async () => {
    const { said, code } = await runWithout('stderr', ['functions/ops/index.ts', 'settings', 'check', 'no-such-file']);
    expect({ said, code }).toEqual({ said: '', code: 2 });
  });

  it('interrupts a command that still works, and nobody is told what nobody waits for', async () => {
    const console = createRecordingConsole();
    console.readInput = async () => {
      process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return '{';
    };
    const exit = await run(['settings', 'check', '-'], { console, cwd: root, env: {} });
    expect({ exit, said: console.stderr() }).toEqual({ exit: 130, said: '' });
  });

  it('is seen to by every program, because each prints through shared/runtime/standard-streams.ts', () => {
    const files = ['bench', 'cdk', 'docs', 'functions', 'local', 'shared', 'test'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
    );
    const programs = files.filter((name) => /^(?!.*node_modules).*(?<!\.test)\.ts$/.test(name));
    const direct = /process\.(stdout|stderr)\.write\(/;
    expect(programs.filter((name) => direct.test(readFileSync(join(root, name), 'utf8')))).toEqual([]);
  });
});
