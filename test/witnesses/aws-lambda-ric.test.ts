import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';
import { bundleFunctions } from '../../cdk/functions/bundle-functions.ts';
import { timeoutOf } from '../../local/world/functions/functions.ts';
import type { World } from '../../local/world/world.ts';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';
import { type LambdaRuntime, lambdaRuntimeContract, type StartFunction } from '../contract/lambda-runtime.contract.ts';
import { installed, leftOut } from './install/witnesses.ts';
import { startRuntimeApi } from './runtime-api.ts';

const root = resolve(import.meta.dirname, '../..');
const reason = leftOut('aws-lambda-ric');

/** Every function as it is bundled, in a process of its own under AWS's own runtime interface client. */
async function open({ timeFactor }: World): Promise<LambdaRuntime> {
  const folder = mkdtempSync(join(tmpdir(), 'witness-ric-'));
  await bundleFunctions(root, folder);
  const start: StartFunction = async (name, environment) => {
    const api = await startRuntimeApi(timeoutOf(name, timeFactor));
    const child = spawn(process.execPath, [installed('aws-lambda-ric', 'node_modules/aws-lambda-ric/index.mjs')], {
      cwd: join(folder, name),
      stdio: 'ignore',
      env: {
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_ACCESS_KEY_ID: 'none',
        ...environment,
        _HANDLER: 'index.handler',
        LAMBDA_TASK_ROOT: join(folder, name),
        AWS_LAMBDA_RUNTIME_API: api.address,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(FUNCTIONS[name].memoryMb),
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: 'witness',
      },
    });
    const ended = once(child, 'exit');
    const close = async () => {
      child.kill('SIGKILL');
      await ended;
      api.close();
    };
    const gone = ended.then(() => ({ errorType: 'exit', errorMessage: 'the runtime ended' }));
    const initError = await Promise.race([api.started, gone]);
    const orGone = (event: unknown) => Promise.race([api.invoke(event), gone.then((error) => ({ error }))]);
    if (initError === undefined) return { invoke: orGone, close };
    await close();
    return { initError };
  };
  return { start, close: async () => rmSync(folder, { recursive: true, force: true }) };
}

if (reason === undefined) lambdaRuntimeContract('aws-lambda-ric', open, 120_000);
else {
  describe('Lambda runtime: aws-lambda-ric', () => {
    it.skip(`left out: ${reason}`, () => undefined);
  });
}
