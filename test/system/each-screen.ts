import type { Browser, Page as Tab } from 'playwright-core';
import { expect } from 'vitest';
import { expectReadable } from './readable.ts';

/**
 * Opens the console on a phone and on a desk and hands its tab over. No page may have an error, or load anything
 * from elsewhere.
 */
export async function onEachScreen(
  browser: Browser,
  { entryUrl, url }: { entryUrl: string; url: string },
  look: (tab: Tab, width: number) => Promise<void>,
): Promise<void> {
  for (const width of [390, 1280]) {
    const tab = await browser.newPage({ viewport: { width, height: 900 } });
    const faults: string[] = [];
    tab.on('pageerror', (error) => faults.push(error.message));
    tab.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    tab.on('request', (request) => request.url().startsWith(url) || faults.push(request.url()));
    await tab.goto(entryUrl);
    await look(tab, width);
    expect(faults).toEqual([]);
    await tab.close();
  }
}

/** A page can be read, and its headings begin at 1 and skip no level. */
export async function expectLooks(tab: Tab, where: string): Promise<void> {
  await expectReadable(tab, where);
  const levels = await tab.locator('h1, h2, h3, h4').evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
  expect(levels[0], where).toBe(1);
  expect(
    levels.filter((level, at) => level - (levels[at - 1] ?? 1) > 1),
    where,
  ).toEqual([]);
}

/** The heights at which the buttons of these names stand, each once. */
export async function topsOf(tab: Tab, name: RegExp): Promise<number[]> {
  const boxes = await Promise.all((await tab.getByRole('button', { name }).all()).map((one) => one.boundingBox()));
  return [...new Set(boxes.map((box) => box?.y ?? 0))];
}
