import { basic } from './basic.ts';
import { bearerScheme } from './bearer.ts';
import { github } from './github.ts';
import { hmacScheme } from './hmac.ts';
import { jira } from './jira.ts';
import type { Scheme } from './scheme.ts';
import type { SchemeSettings } from './scheme-schema.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/**
 * The scheme that a source's configuration names. A new scheme is one more file in this folder and one more case here.
 */
export function schemeOf(settings: SchemeSettings): Scheme {
  switch (settings.kind) {
    case 'standard-webhooks':
      return standardWebhooks;
    case 'jira':
      return jira;
    case 'github':
      return github;
    case 'hmac':
      return hmacScheme(settings);
    case 'bearer':
      return bearerScheme(settings);
    case 'basic':
      return basic;
  }
}
