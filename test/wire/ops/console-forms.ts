/** A form of a page: where it posts to, and its hidden fields. */
export type PageForm = { path: string; fields: Record<string, string> };

const decode = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The forms of a page that post, as a browser would send them without what the person fills in. */
function formsOf(page: string): PageForm[] {
  return [...page.matchAll(/<form class="[^"]*" method="post" action="([^"]+)"[^>]*>(.*?)<\/form>/gs)].map(
    ([, path = '', content = '']) => ({
      path,
      fields: Object.fromEntries(
        [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
          ([, name = '', value = '']) => [decode(name), decode(value)],
        ),
      ),
    }),
  );
}

/** The only form that posts to this path, and has these fields. Throws where there is none, or several. */
export function formOf(page: string, path: string, having: Record<string, string> = {}): PageForm {
  const found = formsOf(page).filter(
    (form) => form.path === path && Object.entries(having).every(([name, value]) => form.fields[name] === value),
  );
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) throw new Error(`${found.length} forms post to ${path}`);
  return only;
}

/** The text of a page without its markup. */
export const textOf = (page: string) =>
  decode(page.slice(page.indexOf('<main')).replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ');

/** The sentence that a page shows after a button was pressed. */
export const noticeOf = (page: string) =>
  /id="notice" role="status">(.*?)<\/div>/s.exec(page)?.[1]?.replaceAll(/<[^>]*>/g, '') ?? '';
