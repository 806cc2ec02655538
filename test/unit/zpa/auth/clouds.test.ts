import { describe, expect, it } from 'vitest';
import { CLOUDS, type Cloud } from '../../../../shared/domain/configuration/configuration.ts';
import { endpointsOf } from '../../../../shared/zpa/auth/clouds.ts';

type Row = [cloud: Cloud, legacy: string, api: string, token: string];

const ROWS: Row[] = [
  ['PRODUCTION', 'https://config.private.zscaler.com', 'https://api.zsapi.net', 'https://acme.zslogin.net'],
  ['ZPATWO', 'https://config.zpatwo.net', 'https://api.zpatwo.zsapi.net', 'https://acme.zsloginzpatwo.net'],
  ['BETA', 'https://config.zpabeta.net', 'https://api.beta.zsapi.net', 'https://acme.zsloginbeta.net'],
  ['GOV', 'https://config.zpagov.net', 'https://api.zscalergov.net', 'https://acme.zidentitygov.net'],
  ['GOVUS', 'https://config.zpagov.us', 'https://api.zscalergov.us', 'https://acme.zidentitygov.us'],
  ['PREVIEW', 'https://config.zpapreview.net', 'https://api.preview.zsapi.net', 'https://acme.zsloginpreview.net'],
  ['QA', 'https://config.qa.zpath.net', 'https://api.qa.zsapi.net', 'https://acme.zsloginqa.net'],
  ['QA2', 'https://pdx2-zpa-config.qa2.zpath.net', 'https://api.qa2.zsapi.net', 'https://acme.zsloginqa2.net'],
  ['DEV', 'https://public-api.dev.zpath.net', 'https://api.dev.zsapi.net', 'https://acme.zslogindev.net'],
];

describe('clouds', () => {
  it('has a row here for every cloud of the configuration', () => {
    expect(ROWS.map(([cloud]) => cloud)).toEqual([...CLOUDS]);
  });

  it.each(ROWS)('%s', (cloud, legacy, api, identity) => {
    expect(endpointsOf({ cloud, auth: 'oneapi', vanity: 'acme' })).toEqual({
      api,
      prefix: '/zpa',
      token: `${identity}/oauth2/v1/token`,
    });
    const signIn =
      cloud === 'DEV'
        ? 'https://authn1.dev.zpath.net/authn/v1/oauth/token?grant_type=CLIENT_CREDENTIALS'
        : `${legacy}/signin`;
    expect(endpointsOf({ cloud, auth: 'legacy' })).toEqual({ api: legacy, prefix: '', token: signIn });
  });

  it('an endpoint of the configuration serves both, whatever the cloud', () => {
    const endpoint = 'http://127.0.0.1:8787/';
    expect(endpointsOf({ cloud: 'GOV', auth: 'oneapi', endpoint })).toEqual({
      api: 'http://127.0.0.1:8787',
      prefix: '/zpa',
      token: 'http://127.0.0.1:8787/oauth2/v1/token',
    });
    expect(endpointsOf({ cloud: 'DEV', auth: 'legacy', endpoint }).token).toBe('http://127.0.0.1:8787/signin');
  });
});
