import { describe, expect, it } from 'vitest';
import { judge, scheme } from './sample-schemes.ts';

/**
 * Deliveries that others signed and published, or that OpenSSL computed. Where the source names no header, the scheme's
 * header is used.
 */
describe('a published delivery', () => {
  it('of the Standard Webhooks libraries (their own tests), under both families of names', () => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
    const timestamp = '1614265330';
    const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    const body = '{"test": 2432232314}';
    const now = 1_614_265_330_000;
    for (const family of ['webhook', 'svix']) {
      const headers = {
        [`${family}-id`]: id,
        [`${family}-timestamp`]: timestamp,
        [`${family}-signature`]: signature,
      };
      expect(judge(scheme('standard-webhooks'), { secrets, headers, body, now })).toEqual({ ok: true });
    }
  });

  it('of GitHub (docs.github.com, "Validating webhook deliveries", testing the webhook payload validation)', () => {
    const headers = {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    };
    const secrets = ["It's a Secret to Everybody"];
    expect(judge(scheme('github'), { secrets, headers, body: 'Hello, World!' })).toEqual({ ok: true });
  });

  it('of Jira (developer.atlassian.com, "Webhooks", secure admin webhooks)', () => {
    const headers = {
      'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
    };
    const secrets = ["It's a Secret to Everybody"];
    expect(judge(scheme('jira'), { secrets, headers, body: 'Hello World!' })).toEqual({ ok: true });
  });

  it('of Slack (api.slack.com, "Verifying requests from Slack"), by the generic scheme', () => {
    const slack = scheme({
      kind: 'hmac',
      header: 'x-slack-signature',
      prefix: 'v0=',
      content: 'v0:{timestamp}:{body}',
      timestampHeader: 'x-slack-request-timestamp',
    });
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
      '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
      '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const secrets = ['8f742231b10e8888abcd99yyyzzz85a5'];
    expect(judge(slack, { secrets, headers, body, now: 1_531_420_618_000 })).toEqual({ ok: true });
  });

  it('of RFC 4231, test case 7, by the generic scheme with a key in hex', () => {
    const body =
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed ' +
      'before being used by the HMAC algorithm.';
    const mac =
      'e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58';
    const one = scheme({ kind: 'hmac', header: 'x-mac', algorithm: 'sha512', keyEncoding: 'hex' });
    expect(judge(one, { secrets: ['aa'.repeat(131)], headers: { 'x-mac': mac }, body })).toEqual({ ok: true });
  });

  it('of RFC 7617, by HTTP Basic (our own passwords are longer)', () => {
    const headers = { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' };
    const secrets = ['Aladdin:open sesame'];
    expect(judge(scheme('basic'), { secrets, headers })).toEqual({ ok: true });
  });
});
