import type { Cloud, TenantConfiguration } from '../../domain/configuration/configuration.ts';

/** Where a tenant's API and its token endpoint are. Base and paths without a trailing slash. */
export type Endpoints = {
  /** Origin of the API. */
  api: string;
  /** In front of `/mgmtconfig/…`: OneAPI routes ZPA below `/zpa`. */
  prefix: string;
  /** Whole URL of the token endpoint. */
  token: string;
};

/** Hosts of the legacy API (the table both public SDKs carry: `zpa/v2_config.go`, `zscaler/constants.py`). */
const LEGACY: Record<Cloud, string> = {
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

/** The one legacy cloud that signs in elsewhere. */
const DEV_SIGN_IN = 'https://authn1.dev.zpath.net/authn/v1/oauth/token?grant_type=CLIENT_CREDENTIALS';

/** OneAPI hosts: production and the two government clouds have their own, the others carry the cloud's name. */
function oneApi(cloud: Cloud, vanity: string): { api: string; identity: string } {
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

type Located = Pick<TenantConfiguration, 'cloud' | 'auth' | 'vanity' | 'endpoint'>;

/** `endpoint` overrides every cloud: one base then serves API and token endpoint, as the simulator does. */
export function endpointsOf(tenant: Located): Endpoints {
  const override = tenant.endpoint?.replace(/\/+$/, '');
  if (tenant.auth === 'legacy') {
    const api = override ?? LEGACY[tenant.cloud];
    const token = override === undefined && tenant.cloud === 'DEV' ? DEV_SIGN_IN : `${api}/signin`;
    return { api, prefix: '', token };
  }
  const { api, identity } = oneApi(tenant.cloud, tenant.vanity ?? '');
  return { api: override ?? api, prefix: '/zpa', token: `${override ?? identity}/oauth2/v1/token` };
}
