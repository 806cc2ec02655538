#!/usr/bin/env node
import { processConsole } from './output/process-console.ts';
import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2), {
  console: processConsole(),
  cwd: process.cwd(),
  env: process.env,
});
