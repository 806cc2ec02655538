import { createLateCatalogReader } from '../../shared/aws/late-catalogs.ts';
import { createPlanStore } from '../../shared/aws/ledger/plan-store.ts';
import { createSeenListStore } from '../../shared/aws/ledger/seen-lists.ts';
import { createSharedReadBudgetStore } from '../../shared/aws/ledger/shared-read-budget.ts';
import { createSecretReader } from '../../shared/aws/secret-reader.ts';
import { createSettingsReader } from '../../shared/aws/settings/settings-table.ts';
import { createRuleReadings } from '../../shared/reading/read-rules.ts';
import { createLaneReads } from '../../shared/reading/shared-reads.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { type Environment, environmentSchema, readEnvironment } from '../../shared/runtime/env.ts';
import { createEvaluate } from '../../shared/runtime/jsonata-evaluate.ts';
import { createLog } from '../../shared/runtime/log.ts';
import { createMeter } from '../../shared/runtime/meter.ts';
import { timingFor } from '../../shared/runtime/timing-from-env.ts';
import { withSettings } from '../../shared/settings/with-settings.ts';
import { createTicketSystems } from '../../shared/tickets/ticket-systems.ts';
import { createReadClients } from '../../shared/zpa/read-clients.ts';
import { createPlanHandler, type PlanHandler } from './handler.ts';
import { PLAN_TIMING, type PlanTiming } from './ports.ts';

const variables = environmentSchema('STACK_NAME', 'SETTINGS_TABLE', 'TABLE_NAME', 'REPORTS_BUCKET');

/** Builds the function from its environment, once per cold start. It holds the read credentials only. */
export function compose(env: Environment): PlanHandler {
  const settings = readEnvironment(variables, env);
  const clock = systemClock;
  const timing = timingFor(settings);
  const secrets = createSecretReader({ env, clock });
  const { TABLE_NAME: tableName } = settings;
  const reads = createLaneReads({ store: createSharedReadBudgetStore({ env, tableName }), timing, clock });
  const seenLists = createSeenListStore({ env, tableName });
  const common = { clock, log: createLog('plan', env), meter: createMeter('plan', env) };
  const ports = {
    catalogs: createLateCatalogReader({ env, bucket: settings.REPORTS_BUCKET }),
    plans: createPlanStore({ env, tableName }),
    evaluate: createEvaluate(),
    timing: scaled(PLAN_TIMING, settings.TIME_FACTOR ?? 1),
    ...common,
  };
  return withSettings({
    store: createSettingsReader({ env, tableName: settings.SETTINGS_TABLE }),
    stack: settings,
    lookEveryMs: 0,
    ...common,
    compose: (configuration) => {
      const { limiterOf } = reads;
      const clients = createReadClients({ configuration, secrets, clock, seenLists, timing, limiterOf });
      const tickets = createTicketSystems({ configuration, secrets, clock });
      const ruleReadings = createRuleReadings(clock, timing.rulesKeptMs);
      const { zpaOf } = clients;
      const handle = createPlanHandler({ ...ports, configuration, tickets, ruleReadings, zpaOf }, reads.settle);
      return { handle, close: () => Promise.all([clients.close(), tickets.close()]).then(() => undefined) };
    },
  });
}

function scaled(timing: PlanTiming, factor: number): PlanTiming {
  return {
    ...timing,
    firstCommentMs: timing.firstCommentMs / factor,
    pausesMs: timing.pausesMs.map((ms) => ms / factor),
  };
}
