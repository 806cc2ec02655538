import * as z from 'zod';

const jira = z.looseObject({
  errorMessages: z.array(z.string()).default([]),
  errors: z.record(z.string(), z.string()).default({}),
});
const serviceNow = z.looseObject({
  error: z.looseObject({ message: z.string().nullish(), detail: z.string().nullish() }),
});

/**
 * The words in which Jira (`errorMessages`, `errors`) or ServiceNow (`error`) say why they refuse a call; empty if the answer
 * has another form.
 */
export function refusalWords(json: unknown): string[] {
  const fromServiceNow = serviceNow.safeParse(json).data?.error;
  const { errorMessages = [], errors = {} } = jira.safeParse(json).data ?? {};
  const fields = Object.entries(errors).map(([name, text]) => `${name} ${text}`);
  return [fromServiceNow?.message, fromServiceNow?.detail, ...errorMessages, ...fields].filter(isFilled);
}

const isFilled = (text: string | null | undefined): text is string => (text ?? '').trim() !== '';
