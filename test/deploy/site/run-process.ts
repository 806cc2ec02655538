import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type RunOptions = {
  cwd: string;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** The program reads this from stdin. */
  input?: string;
};

export type Ended = { code: number; stdout: string; stderr: string };

/** Runs a program to its end and returns all that it printed. When the signal aborts, the program is ended. */
export async function runProcess(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, signal, input = '' } = options;
  const child = spawn(command, args, { cwd, env, signal, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that ends without reading is no fault of whoever feeds it.
  child.stdin.on('error', () => {}).end(input);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const [code] = (await once(child, 'close').catch((error) => {
    signal.throwIfAborted();
    throw error;
  })) as [number | null];
  return { code: code ?? 1, stdout: stdout(), stderr: stderr() };
}

/** Runs a program that must succeed; throws with what it printed last. */
export async function runToSuccess(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const ended = await runProcess(command, args, options);
  if (ended.code === 0) return ended;
  const printed = `${ended.stdout}\n${ended.stderr}`.trim().split('\n').slice(-60).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${ended.code}:\n${printed}`);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** Ends a program and everything it started; it must lead a process group of its own. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  const patience = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 5_000);
  await ended;
  clearTimeout(patience);
}
