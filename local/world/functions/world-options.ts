import type { PERMISSIONS } from '../../../shared/deployment/permissions.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import type { TicketAddresses } from '../../ticket-systems/addresses.ts';
import type { TicketSystemOptions } from '../../ticket-systems/open.ts';
import type { SimulatorOptions } from '../../zpa-simulator/simulator.ts';
import type { Secrets } from '../configuration/secrets.ts';

export type WorldOptions = {
  /** Folder that stores everything over SIGKILL (not power loss); absent: in memory only. */
  dataDir?: string;
  /** All of `TIMING`, SQS's times and the schedules are divided by it; default: 1. */
  timeFactor?: number;
  /** Quirks, limits, seed, latency of the simulated ZPA. Its rate window is in real time, independent of the time factor. */
  simulator?: Omit<SimulatorOptions, 'port' | 'dataFolder'>;
  /** Changes the default configuration (`localConfiguration`). */
  configure?: (configuration: Configuration, addresses?: TicketAddresses) => Configuration;
  /** Changes, adds or leaves out secrets; a reopened data folder keeps those it has. */
  secrets?: (secrets: Secrets) => Secrets;
  /** The functions' permissions in AWS, for tests of refusals; default: `PERMISSIONS`. */
  permissions?: typeof PERMISSIONS;
  /** Default: free ports. */
  ports?: { aws?: number; simulator?: number; front?: number };
  /** `true`: a simulated ServiceNow and Jira run too, and outcomes of their sources appear on their tickets. */
  ticketSystems?: boolean | TicketSystemOptions;
  /** `false`: the sweeper and the drift report run only on request. */
  schedules?: boolean;
  /** `false`: nothing takes from the queue; a worker of another process may (benchmarks). */
  worker?: boolean;
  /** Called when a function failed as a whole: it threw, or ran out of time. */
  onFailure?: (functionName: string, error: unknown) => void;
  /** `DEBUG` to `ERROR`: the functions' log lines on stdout. Default: no logging. */
  logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
};
