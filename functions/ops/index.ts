#!/usr/bin/env node
import { keepCompiled } from '../../shared/runtime/compile-cache.ts';

keepCompiled();
const { processConsole } = await import('./output/process-console.ts');
const { run } = await import('./program.ts');

process.exitCode = await run(process.argv.slice(2), {
  console: processConsole(),
  cwd: process.cwd(),
  env: process.env,
});
