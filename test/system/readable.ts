import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/**
 * A page can be read in light and in dark: it is no wider than its screen, each text and field stands out from what is behind it
 * (WCAG 2.2: 4.5 to 1, large text and borders of fields 3 to 1), a field that is filled in does not look like an empty one, no word
 * or date is broken unless it is in a long id, no sentence is laid out piece by piece, and each control has a name.
 */
export async function expectReadable(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await page.evaluate(FAULTS), `${where} in ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** As text, because it runs in the browser, whose types are not known here. */
const FAULTS = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, under) => [0, 1, 2].map((at) => top[at] * (top[3] ?? 1) + under[at] * (1 - (top[3] ?? 1)));
  const once = (of, known = new Map()) => (element) => {
    if (!known.has(element)) known.set(element, of(element));
    return known.get(element);
  };
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const canvas = isDark && getComputedStyle(document.documentElement).colorScheme.includes('dark') ? [18, 18, 18] : [255, 255, 255];
  const behind = once((one) => (one === null ? canvas : over(parse(getComputedStyle(one).backgroundColor), behind(one.parentElement))));
  const opacity = once((one) => (one === null ? 1 : opacity(one.parentElement) * Number(getComputedStyle(one).opacity)));
  const ratio = (colour, back, share) => {
    const [a, b] = [luminance(over([...colour.slice(0, 3), (colour[3] ?? 1) * share], back)), luminance(back)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const isSeen = (element) => {
    const { width, right } = element.getBoundingClientRect();
    return element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && width > 1 && right > 0;
  };
  const faults = [];
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wider > 0) faults.push('is ' + wider + ' pixels wider than the screen');
  const texts = [];
  for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode(); ) texts.push(walker.currentNode);
  for (const node of texts) {
    const element = node.parentElement;
    if (node.nodeValue.trim() === '' || !isSeen(element) || element.closest('option, script, style, :disabled, [aria-disabled=true]')) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const isLarge = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
    const stands = ratio(parse(color), behind(element), opacity(element));
    if (stands < (isLarge ? 3 : 4.5)) faults.push('pale ' + stands.toFixed(1) + ': ' + node.nodeValue.trim().slice(0, 40));
    if (element.closest('code, .id, textarea, pre')) continue;
    for (const { 0: word, index } of node.nodeValue.matchAll(/\\p{L}{3,16}\\d{0,8}(?![\\p{L}\\d])|\\d{4}-\\d\\d-\\d\\d/gu)) {
      const [before] = /\\S*$/.exec(node.nodeValue.slice(0, index));
      const [after] = /^\\S*/.exec(node.nodeValue.slice(index));
      if (/[\\p{L}\\d]$/u.test(before) || before.length + after.length > 24) continue;
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const [first, ...rest] = range.getClientRects();
      if (rest.some(({ top }) => top > first.bottom - 1)) faults.push('broken word: ' + word + ' in: ' + node.nodeValue.trim().slice(0, 60));
    }
  }
  for (const row of document.querySelectorAll('main *')) {
    if (!isSeen(row) || !/flex|grid/.test(getComputedStyle(row).display)) continue;
    const pieces = [...row.childNodes].filter(({ nodeType, nodeValue }) => nodeType === Node.TEXT_NODE && nodeValue.trim() !== '');
    if (pieces.length > 1) faults.push('sentence in pieces: ' + row.textContent.trim().slice(0, 60));
  }
  for (const field of document.querySelectorAll('input:not([type=hidden], [type=checkbox]), textarea, select')) {
    if (!isSeen(field) || field.disabled) continue;
    const { borderTopColor, borderTopWidth } = getComputedStyle(field);
    const edge = borderTopWidth === '0px' ? 1 : ratio(parse(borderTopColor), behind(field.parentElement), 1);
    if (edge < 3) faults.push('pale field ' + edge.toFixed(1) + ': ' + field.name);
    if (!field.placeholder) continue;
    const { color, opacity: share } = getComputedStyle(field, '::placeholder');
    const stands = ratio(parse(color), behind(field), Number(share));
    if (color === getComputedStyle(field).color) faults.push('filled in, it looks empty: ' + field.name);
    if (stands < 4.5) faults.push('pale placeholder ' + stands.toFixed(1) + ': ' + field.name);
  }
  for (const control of document.querySelectorAll('input:not([type=hidden]), textarea, select, button, a[href], summary')) {
    if (!isSeen(control) || control.labels?.length || control.ariaLabel || control.textContent.trim()) continue;
    faults.push('without a name: ' + control.outerHTML.slice(0, 80));
  }
  return [...new Set(faults)].slice(0, 20);
})()`;
