import type { Cloud, TenantConfiguration } from '../../domain/configuration/configuration.ts';

/** Addresses of a tenant's API and token endpoint, without a trailing slash. */
export type Endpoints = {
  /** Origin of the API. */
  api: string;
  /** Path in front of `/mgmtconfig/…`, because OneAPI routes ZPA below `/zpa`. */
  prefix: string;
  /** Full URL of the token endpoint. */
  token: string;
};

/** Hosts of the legacy API (table of both public SDKs: `zpa/v2_config.go`, `zscaler/constants.py`). */
const LEGACY_HOSTS: Record<Cloud, string> = {
  PRODUCTION: 'https://config.private.zscaler.com',
  ZPATWO: 'https://config.zpatwo.net',
  BETA: 'https://config.zpabeta.net',
  GOV: 'https://config.zpagov.net',
  GOVUS: 'https://config.zpagov.us',
  PREVIEW: 'https://config.zpapreview.net',
  QA: 'https://config.qa.zpath.net',
  QA2: 'https://pdx2-zpa-config.qa2.zpath.net',
  DEV: 'https://public-api.dev.zpath.net',
};

/** DEV is the only legacy cloud whose token endpoint is on another host. */
const DEV_SIGN_IN = 'https://authn1.dev.zpath.net/authn/v1/oauth/token?grant_type=CLIENT_CREDENTIALS';

/**
 * OneAPI hosts. Production and the two government clouds have hosts of their own; the others contain the cloud's name.
 */
function oneApiHosts(cloud: Cloud, vanity: string): { api: string; identity: string } {
  const name = cloud.toLowerCase();
  switch (cloud) {
    case 'PRODUCTION':
      return { api: 'https://api.zsapi.net', identity: `https://${vanity}.zslogin.net` };
    case 'GOV':
      return { api: 'https://api.zscalergov.net', identity: `https://${vanity}.zidentitygov.net` };
    case 'GOVUS':
      return { api: 'https://api.zscalergov.us', identity: `https://${vanity}.zidentitygov.us` };
    default:
      return { api: `https://api.${name}.zsapi.net`, identity: `https://${vanity}.zslogin${name}.net` };
  }
}

type TenantAddress = Pick<TenantConfiguration, 'cloud' | 'auth' | 'vanity' | 'endpoint'>;

/** `endpoint` overrides the cloud: one base address then serves API and token endpoint, as in the simulator. */
export function endpointsOf(tenant: TenantAddress): Endpoints {
  const override = tenant.endpoint?.replace(/\/+$/, '');
  if (tenant.auth === 'legacy') {
    const api = override ?? LEGACY_HOSTS[tenant.cloud];
    const token = override === undefined && tenant.cloud === 'DEV' ? DEV_SIGN_IN : `${api}/signin`;
    return { api, prefix: '', token };
  }
  const { api, identity } = oneApiHosts(tenant.cloud, tenant.vanity ?? '');
  return { api: override ?? api, prefix: '/zpa', token: `${override ?? identity}/oauth2/v1/token` };
}
