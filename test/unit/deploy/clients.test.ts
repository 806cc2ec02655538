import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { optionsAs } from '../../deploy/product/clients.ts';

const keys = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'of-the-person' };

/** A site, as far as a client needs it; without an endpoint it is an account. */
const siteAt = (endpoint: Record<string, string>) => {
  const env = { ...endpoint, AWS_ACCESS_KEY_ID: 'AKIAADMIN', AWS_SECRET_ACCESS_KEY: 'of-the-administrator' };
  return { env, region: 'eu-west-1' };
};

describe.each([
  ['an account', {}],
  ['an emulator', { AWS_ENDPOINT_URL: 'https://127.0.0.1:1' }],
])('in %s', (_, endpoint) => {
  test("a client that looks as a person does it with the person's keys, in the site's region", async () => {
    const { config } = new S3Client(optionsAs(keys, siteAt(endpoint)));
    expect(await config.credentials()).toMatchObject(keys);
    expect(await config.region()).toBe('eu-west-1');
  });
});
