import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { toStderr, toStdout } from '../../shared/runtime/standard-streams.ts';
import { readTls } from '../process/read-tls.ts';
import { startFault } from '../process/start-fault.ts';
import { describeQuirks } from './behaviour/quirks.ts';
import { LIMIT_MODES, type LimitMode } from './behaviour/rate-limits.ts';
import { type Simulator, startSimulator } from './simulator.ts';
import { DEFAULT_SEED } from './tenant/default-seed.ts';
import { DEFAULT_CUSTOMER, type SeedInput } from './tenant/seed.ts';

type Flags = {
  port: number;
  limits: LimitMode;
  latencyMs: number;
  quirk: Record<string, string>;
  seed?: string;
  data?: string;
  randomSeed: number;
  tokenSeconds?: number;
  tlsCert?: string;
  tlsKey?: string;
};

const EXAMPLES = `
Examples:
  npm run simulator
  npm run simulator -- --limits documented --latency-ms 60
  npm run simulator -- --quirk foreign-application=refuse --quirk duplicate-name=allow
  npm run simulator -- --seed my-tenant.json --data ~/.zpa-simulator

  curl -s 127.0.0.1:8787/oauth2/v1/token -d grant_type=client_credentials -d client_id=simulator \\
    -d client_secret=simulator -d audience=https://api.zscaler.com
  curl -s 127.0.0.1:8787/__simulator/                        what else it can do while it runs
  curl -s 127.0.0.1:8787/__simulator/faults -d '{"fault":{"kind":"rate-limited"},"times":2}'

Quirks, what nobody has established about ZPA (the first value is the default):
${describeQuirks()}

More in docs/simulator.md: seeds, faults, the log, real clients.`;

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It has to be a whole number.');
  return value;
};
const quirk = (text: string, before: Record<string, string>): Record<string, string> => {
  const [name = '', value] = text.split('=');
  if (value === undefined) throw new InvalidArgumentError('It has to be NAME=VALUE.');
  return { ...before, [name]: value };
};

const command = new Command('zpa-simulator')
  .description('A stand-in for Zscaler Private Access on 127.0.0.1: OneAPI and the legacy API on one port.')
  .option('--port <number>', 'port; 0 takes a free one', number, 8787)
  .addOption(
    new Option(
      '--limits <mode>',
      'documented: 20 reads and 10 writes per 10 s; per-url: the same per URL, as recorded; off',
    )
      .choices(LIMIT_MODES)
      .default('documented'),
  )
  .option('--latency-ms <number>', 'added to every answer', number, 0)
  .addOption(
    new Option('--quirk <name=value>', 'play another answer to an open question; repeatable, listed below')
      .argParser(quirk)
      .default({}, 'none'),
  )
  .option('--seed <file>', 'JSON with the tenants to start from')
  .option('--data <folder>', 'keep the tenants there over restarts and kills')
  .option('--random-seed <number>', 'same number, same request ids', number, 1)
  .option('--token-seconds <number>', 'lifetime of tokens (OneAPI 83999, legacy 3600)', number)
  .option('--tls-cert <file>', 'PEM; with --tls-key also serves https and CONNECT (proxy) on the same port')
  .option('--tls-key <file>', 'PEM')
  .addHelpText('after', EXAMPLES)
  .action(start);

async function start(flags: Flags): Promise<void> {
  const seed: SeedInput = flags.seed === undefined ? DEFAULT_SEED : JSON.parse(readFileSync(flags.seed, 'utf8'));
  const tls = readTls(flags);
  const simulator = await startSimulator({
    port: flags.port,
    limits: flags.limits,
    latencyMs: flags.latencyMs,
    quirks: flags.quirk,
    seed,
    randomSeed: flags.randomSeed,
    ...(flags.data !== undefined && { dataFolder: flags.data }),
    ...(flags.tokenSeconds !== undefined && { tokenSeconds: flags.tokenSeconds }),
    ...(tls !== undefined && { tls }),
  });
  toStdout(welcome(simulator, flags, seed));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
}

function welcome(simulator: Simulator, flags: Flags, seed: SeedInput): string {
  const { url, customers } = simulator;
  const customer = customers[0] ?? DEFAULT_CUSTOMER;
  const credential =
    seed.credentials === undefined ? 'client id simulator, client secret simulator' : 'credentials as in the seed';
  return `ZPA simulator on ${url} (limits ${flags.limits})
  ${credential}, customer ${customers.join(', ')}
  OneAPI   token ${url}/oauth2/v1/token, API ${url}/zpa/mgmtconfig/v1/admin/customers/${customer}/segmentGroup
  legacy   sign-in ${url}/signin, API ${url}/mgmtconfig/v1/admin/customers/${customer}/segmentGroup
  control  ${url}/__simulator/
Stop it with Ctrl-C.
`;
}

command.parseAsync().catch((error: unknown) => {
  toStderr(`${startFault(error)}\n`);
  process.exitCode = 1;
});
