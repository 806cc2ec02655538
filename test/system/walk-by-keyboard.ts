import type { Page as Tab } from 'playwright-core';
import { expect } from 'vitest';

type Focused = { at: number; isFold: boolean; isForm: boolean; isOpen: boolean; fault: string };

/**
 * Goes over a page by Tab, and opens each fold on the way by Enter. Each control is reached once, in the order of the page; where the
 * focus is can be seen; Escape closes the form that a button opened, and gives the button the focus back.
 */
export async function walkByKeyboard(tab: Tab, where: string): Promise<void> {
  const reached: number[] = [];
  const isOver = ({ at }: Focused) => at < 0 || (at === 0 && reached.length > 0);
  for (let focused = await press(tab, 'Tab'); !isOver(focused); focused = await press(tab, 'Tab')) {
    // A field for a date is several stops.
    if (focused.at === reached.at(-1)) continue;
    reached.push(focused.at);
    expect([where, focused.fault]).toEqual([where, '']);
    if (!focused.isFold || focused.isOpen) continue;
    expect((await press(tab, 'Enter')).isOpen, where).toBe(true);
    if (!focused.isForm) continue;
    await press(tab, 'Tab');
    expect(await press(tab, 'Escape'), where).toEqual(focused);
    await press(tab, 'Enter');
  }
  const all = await tab.evaluate<number[]>(`(${CONTROLS})().map((_, at) => at)`);
  expect(reached, where).toEqual(all);
  await skipToContent(tab, where);
}

/** The first link of a page leads past its navigation. */
async function skipToContent(tab: Tab, where: string) {
  await tab.reload();
  await press(tab, 'Tab');
  await press(tab, 'Enter');
  await tab.waitForFunction('document.activeElement.id === "main"');
  await press(tab, 'Tab');
  expect(await tab.evaluate('document.activeElement.closest("main, footer") !== null'), where).toBe(true);
}

async function press(tab: Tab, key: string): Promise<Focused> {
  await tab.keyboard.press(key);
  return tab.evaluate<Focused>(FOCUSED);
}

/** As text, because they run in the browser. Controls that are hidden in a closed fold are none. */
const CONTROLS = `() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter((one) => !one.disabled && one.type !== 'hidden' && one.checkVisibility({ checkVisibilityCSS: true }))`;

const FOCUSED = `(() => {
  const one = document.activeElement;
  const { left, right, top, bottom, width, height } = one.getBoundingClientRect();
  const { outlineStyle, outlineWidth, position, backgroundColor } = getComputedStyle(one);
  const isOnScreen = left >= 0 && right <= innerWidth && bottom > 0 && top < innerHeight;
  const over = document.elementFromPoint(left + width / 2, Math.max(0, Math.min(innerHeight - 1, top + height / 2)));
  const faults = [
    ...(one.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 ? [] : ['the focus is not seen']),
    ...(isOnScreen ? [] : ['is not on the screen']),
    ...(position === 'absolute' && backgroundColor === 'rgba(0, 0, 0, 0)' ? ['the text behind it shows through'] : []),
    ...(over === one || one.contains(over) || over?.contains(one) ? [] : ['is behind another']),
  ];
  return {
    at: (${CONTROLS})().indexOf(one),
    isFold: one.matches('summary'),
    isForm: one.matches('details.act > summary'),
    isOpen: one.parentElement?.open === true,
    fault: one === document.body || faults.length === 0 ? '' : faults.join(', ') + ': ' + one.outerHTML.slice(0, 120),
  };
})()`;
