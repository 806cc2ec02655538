import { randomUUID } from 'node:crypto';
import type { AwsError } from '../common/aws-error.ts';

/** AWS's query protocol: a form comes in, XML goes out. */
export type Form = URLSearchParams;

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** A value that becomes XML: an array becomes `member` elements, undefined nothing. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { [tag: string]: Xml };

/** `prefix.1`, `prefix.2`, … : one form for each, its names without the prefix. */
export function members(form: Form, prefix: string): Form[] {
  const found = new Map<number, URLSearchParams>();
  for (const [name, value] of form) {
    if (!name.startsWith(`${prefix}.`)) continue;
    const [index = '', ...rest] = name.slice(prefix.length + 1).split('.');
    const member = found.get(Number(index)) ?? new URLSearchParams();
    member.set(rest.join('.'), value);
    found.set(Number(index), member);
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, member]) => member);
}

/** A map of texts: `prefix.entry.1.key`, `prefix.entry.1.value`, … */
export function textMap(form: Form, prefix: string): Record<string, string> {
  return Object.fromEntries(
    members(form, `${prefix}.entry`).map((entry) => [entry.get('key') ?? '', entry.get('value') ?? '']),
  );
}

export function successXml(action: string, result: { [tag: string]: Xml }): string {
  const body = Object.keys(result).length > 0 ? element(`${action}Result`, result) : '';
  const metadata = element('ResponseMetadata', { RequestId: randomUUID() });
  return `<${action}Response xmlns="${NAMESPACE}">${body}${metadata}</${action}Response>`;
}

export function errorXml(error: AwsError): string {
  const sender = error.status < 500 ? 'Sender' : 'Receiver';
  const body = element('Error', { Type: sender, Code: error.queryCode, Message: error.message });
  return `<ErrorResponse xmlns="${NAMESPACE}">${body}${element('RequestId', randomUUID())}</ErrorResponse>`;
}

function element(tag: string, value: Xml): string {
  return value === undefined ? '' : `<${tag}>${content(value)}</${tag}>`;
}

function content(value: Exclude<Xml, undefined>): string {
  if (typeof value !== 'object') return escapeXml(String(value));
  if (Array.isArray(value)) return value.map((one: Xml) => element('member', one)).join('');
  return Object.entries(value)
    .map(([tag, one]) => element(tag, one))
    .join('');
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}
