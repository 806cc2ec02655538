import { invoke } from '../../../local/lambda/invocation.ts';
import { compositions } from '../../../local/world/functions/functions.ts';
import { FUNCTIONS } from '../../../shared/deployment/resources.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { type LambdaError, lambdaRuntimeContract } from '../../contract/lambda-runtime.contract.ts';

const errorOf = (error: unknown): LambdaError =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message }
    : { errorType: 'unknown', errorMessage: String(error) };

lambdaRuntimeContract(
  'ours',
  async () => ({
    start: async (name, environment) => {
      try {
        const timeoutMs = FUNCTIONS[name].timeoutSeconds * 1000;
        const handler = compositions[name](environment) as (event: unknown) => unknown;
        return {
          invoke: async (event) => {
            const invoked = await invoke({ name, timeoutMs, handler }, event, systemClock);
            if (invoked.outcome === 'returned') return { result: invoked.result };
            return { error: errorOf(invoked.outcome === 'threw' ? invoked.error : invoked.outcome) };
          },
          close: async () => undefined,
        };
      } catch (error) {
        return { initError: errorOf(error) };
      }
    },
    close: async () => undefined,
  }),
  60_000,
);
