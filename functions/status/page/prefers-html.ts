/**
 * True if this Accept header prefers a page to JSON (RFC 9110, 12.5.1). Browsers name text/html; programs name JSON or
 * nothing, or accept anything, and get JSON.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const offers = (accept ?? '')
    .slice(0, 1000)
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((one) => one.trim()));
  const weight = (types: readonly string[]) =>
    Math.max(0, ...offers.filter(([type = '']) => types.includes(type)).map((parameters) => quality(parameters)));
  return weight(['text/html', 'application/xhtml+xml']) > weight(['application/json', 'application/problem+json']);
}

function quality(parameters: readonly string[]): number {
  const q = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? '1');
  return Number.isFinite(q) ? q : 0;
}
