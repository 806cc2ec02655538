import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { installed, pinned } from './install/witnesses.ts';

export type Server = { url: string; close(): Promise<void> };

/** How long a server may take to start on a busy machine. */
const PATIENCE_MS = 60_000;
const TAIL = 2000;

/** Starts DynamoDB Local in memory, with its telemetry off. */
export const startDynamoDbLocal = () =>
  start('java', [
    `-Dsqlite4java.library.path=${installed('dynamodb-local', 'jars')}`,
    '-cp',
    installed('dynamodb-local', 'jars', '*'),
    pinned('dynamodb-local', 'OnLoopback.java'),
    '-inMemory',
    '-disableTelemetry',
  ]);

export const startElasticMq = () =>
  start('java', [
    `-Dconfig.file=${pinned('elasticmq', 'server.conf')}`,
    '-cp',
    installed('elasticmq', 'jars', '*'),
    'org.elasticmq.server.Main',
  ]);

export const startMoto = () => start(installed('moto', 'venv', 'bin', 'moto_server'), ['-H', '127.0.0.1', '-p', '0']);

/** Starts a server on a free port of 127.0.0.1; it is there once it has said its address. */
async function start(command: string, args: string[]): Promise<Server> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  let said = '';
  const address = Promise.withResolvers<string>();
  const listen = (text: string) => {
    said = `${said}${text}`.slice(-TAIL);
    const found = /(?:listens at|visible server address|Running on) (http:\/\/127\.0\.0\.1:\d+)\s/.exec(said);
    if (found?.[1] !== undefined) address.resolve(found[1]);
  };
  child.stdout.setEncoding('utf8').on('data', listen);
  child.stderr.setEncoding('utf8').on('data', listen);
  const gone = ended.then(() => 'ended');
  const late = sleep(PATIENCE_MS, 'did not say its address', { ref: false });
  const first = await Promise.race([address.promise, gone, late]);
  if (first.startsWith('http:')) return { url: first, close };
  await close();
  throw new Error(`${command} ${first}: ${said}`);
}
