import { keepCompiled } from '../../shared/runtime/compile-cache.ts';
import { toStderr, toStdout } from '../../shared/runtime/standard-streams.ts';
import { HELP, readStartOptions } from './start-options.ts';

/** `npm start`. The demo is loaded only for options that it can run with. */
const read = readStartOptions(process.argv.slice(2));
if ('fault' in read) {
  toStderr(`${read.fault}\n\n${HELP}`);
  process.exitCode = 2;
} else if (read.options.help) {
  toStdout(`${HELP}\n`);
} else {
  keepCompiled();
  const { runDemo } = await import('./demo.ts');
  process.exitCode = await runDemo(read.options);
}
