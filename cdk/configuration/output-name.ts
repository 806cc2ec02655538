/** Builds the name of the stack output for a source's webhook URL: `service-now` → `WebhookUrlServiceNow`. */
export function outputName(source: string): string {
  const words = source.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return `WebhookUrl${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}
