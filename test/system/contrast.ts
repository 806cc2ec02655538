import type { Page } from 'playwright-core';

/** WCAG 2.2, contrast ratio of the text of a selector's first element to the nearest background behind it. */
export function contrastOf(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`(${CONTRAST})(document.querySelector(${JSON.stringify(selector)}))`);
}

/** As text, because it runs in the browser, whose types are not known here. */
const CONTRAST = `(element) => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let back = [255, 255, 255];
  for (let behind = element; behind !== null; behind = behind.parentElement) {
    const colour = parse(getComputedStyle(behind).backgroundColor);
    if ((colour[3] ?? 1) === 0) continue;
    back = colour;
    break;
  }
  const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(back)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}`;
