import type { Role } from '../../../shared/deployment/roles.ts';
import type { Html } from '../../../shared/domain/html/html.ts';
import type { CommandContext } from '../session/command.ts';

export type { Role };

/**
 * The means of a page or act: those of a command of the CLI, with the AWS rights of the person who started the console.
 * The terminal collects warnings, which the server shows above the page.
 */
export type ConsoleContext = CommandContext & {
  /** The reason why the person may not act in this role; undefined: they may, as far as is known before AWS is asked. */
  whyNot(role: Role): string | undefined;
  now(): number;
  /** Aborts when the console ends, for what goes on after a page is shown; `signal` aborts with the request. */
  ends: AbortSignal;
};

/** The content of a page. `refreshMs`: the browser asks again after this time; undefined: only on request. */
export type PageContent = {
  title: string;
  body: Html;
  refreshMs?: number;
  /** A whole document that is shown instead of the console's frame, and the content security policy that it needs. */
  document?: { html: string; policy: string };
};

export type ConsolePage = {
  /** The whole path of the address; everything else is in the query. */
  path: `/${string}`;
  /** The label in the navigation; undefined: the page is reached from others alone. */
  label?: string;
  /** Throws an `OpsError` where the query is invalid or something cannot be read; the server shows sentence and remedy. */
  render(context: ConsoleContext, query: URLSearchParams): Promise<PageContent>;
};

/**
 * The sentence that the person reads after a button, and the address that shows the result. `told`: nothing was to be done yet.
 */
export type ActResult = { result: 'done' | 'failed' | 'told'; sentence: string; to: string };

/** A button that changes something: a POST from the console's own pages. It is recorded in the audit trail like a command. */
export type ConsoleAct = {
  path: `/${string}`;
  role: Exclude<Role, 'viewer'>;
  /** Throws an `OpsError` as `render` does. */
  run(context: ConsoleContext, form: URLSearchParams): Promise<ActResult>;
  /** The page that shows why `run` failed, with what the form held; absent: the page of the button, as it was before. */
  failedAt?(form: URLSearchParams): string;
};

/** The least role whose rights read ZPA. */
export const READS_ZPA: Role = 'operator';

/** The addresses of pages, so that pages link to those of others. */
export const ADDRESS = {
  overview: '/',
  changes: '/changes',
  /** With `source`, `tenant` and `key`. */
  change: '/change',
  failures: '/failures',
  /** The preview of a retry, with `source`, `tenant`, `key` and `generation`. */
  failure: '/failure',
  lanes: '/lanes',
  /** With `lane`. */
  lane: '/lane',
  /** With `lane` where there are several. */
  drift: '/drift',
} as const;
