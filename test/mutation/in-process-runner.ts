import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import type { CollectedTest } from './collect-tests.ts';
import { specFiles } from './specs.ts';

/** Stryker ends a mutant that runs a hundred times as often as it did in all tests together; here five times is for ever. */
const shorter = (hitLimit: number | undefined) => hitLimit && Math.ceil(hitLimit / 20) + 1000;
/** The tests live in virtual time: one that leaves the process idle for so long waits for what never comes. */
const IDLE_MILLIS = 500;

const collector = new URL('./collect-tests.ts', import.meta.url).href;

const context: InstrumenterContext = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: context });

const declareIn = () =>
  registerHooks({
    resolve: (specifier, { parentURL, ...rest }, next) =>
      specifier === 'vitest' && parentURL !== collector
        ? { url: collector, format: 'module-typescript', shortCircuit: true }
        : next(specifier, { parentURL, ...rest }),
  });

class NotDone extends Error {}

const within = async (run: () => unknown): Promise<void> => {
  const { promise, reject } = Promise.withResolvers<never>();
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    if (performance.eventLoopUtilization(now, before).utilization < 0.02) reject(new NotDone('it waits for ever'));
    before = now;
  }, IDLE_MILLIS);
  process.on('unhandledRejection', reject);
  try {
    await Promise.race([run(), promise]);
  } finally {
    clearInterval(timer);
    process.off('unhandledRejection', reject);
  }
};

/**
 * Runs the unit tests in Stryker's own worker process: loaded once, then only called. With the Vitest runner each mutant
 * loads all modules of its tests again, a second or more; here it takes as long as its tests do.
 */
class InProcessRunner implements TestRunner {
  #tests: readonly CollectedTest[] = [];
  readonly #millis = new Map<string, number>();

  // Nothing is ever reloaded: static mutants are left out, all others become active when all is loaded.
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    declareIn();
    // A rejection of an abandoned test must not fail the next mutant.
    process.on('unhandledRejection', () => undefined);
    // The same cases every time, and no search for the smallest one.
    fc.configureGlobal({ seed: 1, endOnFailure: true });
    const files = specFiles();
    const { collectTests } = await import(collector);
    this.#tests = await collectTests(files.map((name) => ({ name, url: pathToFileURL(resolve(name)).href })));
  }

  async dryRun(): Promise<DryRunResult> {
    const tests = await this.#run(this.#tests, false);
    const { mutantCoverage } = context;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun({ activeMutant, testFilter, ...options }: MutantRunOptions): Promise<MutantRunResult> {
    if (testFilter === undefined) throw new Error('a static mutant needs modules loaded anew');
    const wanted = new Set(testFilter);
    const cost = ({ id }: CollectedTest) => this.#millis.get(id) ?? 1;
    const quickestFirst = this.#tests
      .filter(({ id }) => wanted.has(id))
      .toSorted((one, other) => cost(one) - cost(other));
    const hitLimit = shorter(options.hitLimit);
    Object.assign(context, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    try {
      const tests = await this.#run(quickestFirst, true);
      const endless = determineHitLimitReached(context.hitCount, hitLimit);
      return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests });
    } catch (error) {
      if (error instanceof NotDone) return toMutantRunResult({ status: DryRunStatus.Timeout, reason: error.message });
      throw error;
    } finally {
      Object.assign(context, { activeMutant: undefined, hitCount: undefined });
    }
  }

  async #run(tests: readonly CollectedTest[], untilOneFails: boolean): Promise<TestResult[]> {
    const results: TestResult[] = [];
    for (const test of tests) {
      const result = await this.#try(test);
      results.push(result);
      if (untilOneFails && result.status === TestStatus.Failed) break;
    }
    return results;
  }

  async #try({ id, name, file, run }: CollectedTest): Promise<TestResult> {
    const started = performance.now();
    const base = () => ({ id, name, fileName: resolve(file), timeSpentMs: performance.now() - started });
    // Names the test whose coverage is counted; while a mutant is active no coverage is counted.
    if (context.activeMutant === undefined) context.currentTestId = id;
    try {
      await within(run);
      this.#millis.set(id, base().timeSpentMs);
      return { ...base(), status: TestStatus.Success };
    } catch (error) {
      if (error instanceof NotDone) throw error;
      return {
        ...base(),
        status: TestStatus.Failed,
        failureMessage: error instanceof Error ? error.message : String(error),
      };
    } finally {
      delete context.currentTestId;
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
