import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCallerArn } from '../../../../shared/aws/caller-identity.ts';
import { readStackState } from '../../../../shared/aws/inspect/stack-state.ts';
import { type Check, unknown } from '../../checks/finding.ts';
import { checkIdentity } from '../../checks/identity.ts';
import { checkNode, DESCRIBE_STACK } from '../../checks/versions.ts';
import type { OpsError } from '../../output/exit-codes.ts';
import type { ProcessContext } from '../../session/command.ts';
import { productVersion } from '../../session/product-version.ts';
import { checkAccount, checkFiles, TOOLKIT } from './before-deployment.ts';
import { CREDENTIALS } from './open-checks.ts';

/** The checks of what a first deployment needs; `absence` says that there is no target yet. */
export function checksBefore({ cwd, env }: Pick<ProcessContext, 'cwd' | 'env'>, absence: OpsError): Check[] {
  const whoAmI = () => readCallerArn({ env });
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'REGION';
  const read = (file: string) => {
    const path = resolve(cwd, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  return [
    {
      name: 'stack',
      needs: [],
      run: async () => [unknown(`not checked, nor what belongs to it: ${absence.message}`, absence.remedy)],
    },
    {
      name: 'version',
      needs: [],
      run: async () => checkNode({ cli: productVersion(), node: process.versions.node }),
    },
    { name: CREDENTIALS, needs: [], run: () => checkIdentity({ whoAmI }) },
    {
      name: 'account',
      needs: DESCRIBE_STACK,
      run: () =>
        checkAccount({
          toolkit: () => readStackState({ env }, TOOLKIT),
          environment: async () => `aws://${(await whoAmI()).split(':')[4]}/${region}`,
        }),
    },
    {
      name: 'files',
      needs: [],
      run: async () =>
        checkFiles({ stack: env.ZPA_CHANGES_CONFIG ?? 'zpa-changes.config.ts', settings: 'settings.json', read }),
    },
  ];
}
