import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { lackingOpenssl, makeCertificate } from '../certificate.ts';
import { leftOut, providerFolder } from '../install/witnesses.ts';

/** Why Terraform cannot be run here; undefined: it can. */
export const noTerraform = leftOut('terraform-provider-zpa') ?? lackingOpenssl();

export type Api = 'oneapi' | 'legacy';

/** One Terraform configuration with its state, whose provider finds a simulator under ZPA's own names. */
export type Workspace = {
  write(configuration: string): void;
  /** Tells whether there is anything to do; `saveAs`: a file that keeps the plan for `apply`. */
  plan(saveAs?: string): Promise<'no-changes' | 'changes'>;
  apply(plan?: string): Promise<void>;
  /** Any other command; rejects with its output when it fails. */
  run(...args: string[]): Promise<string>;
};

export type Credentials = { clientId: string; clientSecret: string; customerId: string };

/** Makes a certificate for a story's simulator, and deletes it afterwards. */
export async function withCertificate<T>(
  story: (tls: { cert: string; key: string }, certFile: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'zpa-changes-terraform-tls-'));
  try {
    const { cert, key } = makeCertificate(folder);
    return await story({ cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }, cert);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs `story` in a workspace of its own, deleted afterwards; nothing of the machine's own Terraform settings counts. */
export async function withWorkspace<T>(
  where: { simulatorUrl: string; certFile: string; api: Api; credentials: Credentials },
  story: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'zpa-changes-terraform-'));
  try {
    return await story(workspaceIn(folder, environmentOf(folder, where)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function environmentOf(
  folder: string,
  { simulatorUrl, certFile, api, credentials }: Parameters<typeof withWorkspace>[0],
): NodeJS.ProcessEnv {
  const { clientId, clientSecret, customerId } = credentials;
  const settings = join(folder, 'terraform.rc');
  writeFileSync(
    settings,
    `provider_installation {\n  dev_overrides {\n    "zscaler/zpa" = ${JSON.stringify(providerFolder())}\n  }\n}\n`,
  );
  return {
    PATH: process.env.PATH,
    HOME: folder,
    TF_CLI_CONFIG_FILE: settings,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    HTTPS_PROXY: simulatorUrl,
    SSL_CERT_FILE: certFile,
    ZPA_CUSTOMER_ID: customerId,
    ...(api === 'oneapi'
      ? { ZSCALER_CLIENT_ID: clientId, ZSCALER_CLIENT_SECRET: clientSecret, ZSCALER_VANITY_DOMAIN: 'acme' }
      : { ZSCALER_USE_LEGACY_CLIENT: 'true', ZPA_CLIENT_ID: clientId, ZPA_CLIENT_SECRET: clientSecret }),
  };
}

const CHANGES = 2;

function workspaceIn(cwd: string, env: NodeJS.ProcessEnv): Workspace {
  const run = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('terraform', args, { cwd, env, timeout: 60_000 });
    return stdout;
  };
  return {
    run,
    write: (configuration) => writeFileSync(join(cwd, 'main.tf'), configuration),
    plan: (saveAs) => {
      const out = saveAs === undefined ? [] : [`-out=${saveAs}`];
      return run('plan', '-no-color', '-input=false', '-detailed-exitcode', ...out).then(
        () => 'no-changes' as const,
        (failure) => {
          if (failure.code === CHANGES) return 'changes' as const;
          throw failure;
        },
      );
    },
    apply: async (plan) => {
      await run('apply', '-no-color', '-input=false', '-auto-approve', ...(plan === undefined ? [] : [plan]));
    },
  };
}
