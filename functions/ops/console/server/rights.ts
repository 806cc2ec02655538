import { mayWrite } from '../../../../shared/aws/inspect/may-write.ts';
import type { Target } from '../../../../shared/deployment/cli-target.ts';
import { PARTITIONS, SETTINGS_TABLE, TABLE } from '../../../../shared/deployment/resources.ts';
import { ROLES, type Role } from '../../../../shared/deployment/roles.ts';
import { environmentOf } from '../../session/settings.ts';

/** The known rights of the person. AWS decides; this only tells earlier. */
export type Rights = {
  /** undefined: AWS did not say. */
  role(): Role | undefined;
  whyNot(role: Role): string | undefined;
  /** Asks AWS; what cannot be asked stays unknown. Never rejects. */
  ask(): Promise<void>;
};

/** For each role above the viewer, whether AWS would take a write that only it and those above it may do. */
export type AskRights = Readonly<Record<Exclude<Role, 'viewer'>, () => Promise<boolean>>>;

export function createRights(questions: AskRights): Rights {
  let known: Partial<Record<Role, boolean>> = {};
  const isAllowed = (role: Role) => role === 'viewer' || known[role];
  function own(): Role | undefined {
    const answers = ROLES.map((role) => [role, isAllowed(role)] as const);
    if (answers.some(([, allowed]) => allowed === undefined)) return undefined;
    return answers.findLast(([, allowed]) => allowed)?.[0];
  }
  return {
    role: own,
    whyNot(role) {
      if (isAllowed(role) !== false) return undefined;
      return `Needs the role ${role}; yours is ${own() ?? 'not known'}.`;
    },
    async ask() {
      const answers = Object.entries(questions).map(async ([role, question]) => {
        const allowed = await question().catch(() => undefined);
        return allowed === undefined ? [] : [[role, allowed]];
      });
      known = Object.fromEntries((await Promise.all(answers)).flat());
    },
  };
}

/** The writes by which AWS is asked: the operator's to a lane, the steward's to the settings. */
export function rightsOf(target: Target, env: Record<string, string | undefined>): AskRights {
  const from = { env: environmentOf(target, env) };
  const lane = { [TABLE.partitionKey]: PARTITIONS.lanes, [TABLE.sortKey]: 'rights' };
  const version = { [SETTINGS_TABLE.partitionKey]: SETTINGS_TABLE.partition, [SETTINGS_TABLE.sortKey]: 0 };
  return {
    operator: () => mayWrite(from, target.env.TABLE_NAME, lane),
    steward: () => mayWrite(from, target.env.SETTINGS_TABLE, version),
  };
}
