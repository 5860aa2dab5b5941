import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { startBrowser, Visit } from './browser.js';
import { ACCOUNT, Center, QUIET } from './center.js';

const PHONE = { viewport: { width: 390, height: 844 } };

/** What the page and all that it loads may weigh, not compressed (bytes). */
const MOST_BYTES = 120_000;

let center: Center;
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  [center, browser] = await Promise.all([Center.open(), startBrowser()]);
  await center.atRest();
});

afterEach(() => visit.close());

afterAll(async () => {
  await browser.close();
  await center.close();
});

/** Opens the wallboard and waits until it is live. */
async function look(query = '', options: BrowserContextOptions = {}): Promise<Visit> {
  visit = await Visit.of(browser, center.url, `/${query}`, options);
  await visit.reads('#connection', /^live$/);
  return visit;
}

/** Looks at the account with something in it. */
const lookAt = (more = '', options: BrowserContextOptions = {}): Promise<Visit> =>
  look(`?account=${ACCOUNT}${more}`, options);

/** What an assistive program could not make sense of. */
async function obstacles(): Promise<string[]> {
  await visit.page.evaluate(axe.source);
  const found = await visit.page.evaluate<axe.AxeResults>('axe.run()');
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('a supervisor', () => {
  it('sees the load of each agent, the overloaded first, with state and time in state', async () => {
    await lookAt();
    await visit.reads('#agents tbody', /Bob/);
    const [first, second] = await visit.rows('#agents');
    expect(first).toMatch(/^Ada – overloaded Online 3 min \d+ s 125 % 5$/);
    expect(second).toMatch(/^Bob Away \(Lunch\) 3 min \d+ s 25 % 1$/);
    await visit.reads('#kpi-load', /^Load 75 % 1 overloaded · 2 present, 0 slots free$/);
  });

  it('sees how many wait and how long, the response time, and the deadlines missed and soon to be', async () => {
    await lookAt();
    await visit.reads('#kpi-queue', /^In the queue 1 longest wait [1-9] min/);
    await visit.reads('#kpi-art', /^Response time 20 s mean of the last 15 min$/);
    await visit.reads('#kpi-overdue', /^Overdue 1 deadline has passed$/);
    await visit.reads('#kpi-due', /^Due soon 1 within five minutes$/);
    await visit.reads('#kpi-breaches', /^Breaches 1 last 24 hours$/);
    await visit.page.locator('#course[aria-label*="between 20 and 20"] canvas').waitFor();
  });

  it.each([
    { kpi: 'queue', title: 'In the queue', row: /^c3 nobody \d+ min( \d+ s)? –$/ },
    { kpi: 'overdue', title: 'Overdue', row: /^c1 Ada .+ missed by \d+ min( \d+ s)?$/ },
    { kpi: 'due', title: 'Due soon', row: /^c2 Bob – in \d+ min( \d+ s)?$/ },
    { kpi: 'art', title: 'Waiting for an answer', row: /^c1 Ada \d+ min( \d+ s)? missed by / },
    { kpi: 'breaches', title: 'Breaches of the last 24 hours', row: /^Ada 1$/ },
    { kpi: 'load', title: 'Load of the agents', row: /^Ada Online 125 %$/ },
  ])('clicks $kpi and sees what is behind it', async ({ kpi, title, row }) => {
    await lookAt();
    await visit.reads('#agents tbody', /Bob/);
    await visit.reads(`#kpi-${kpi}`, /\d/);
    await visit.page.click(`#kpi-${kpi}`);
    await visit.reads('#drawer-title', new RegExp(`^${title}$`));
    await visit.reads('#drawer-body tr:has(td) >> nth=0', row);
  });

  it('sees what happens without loading the page again', async () => {
    await lookAt();
    await visit.reads('#kpi-queue', /^In the queue 1 /);
    await center.request('c-new');
    await visit.reads('#kpi-queue', /^In the queue 2 /);
    await center.send('ConversationEndEvent', 0, { convDetails: { convId: 'c-new' } });
    await visit.reads('#kpi-queue', /^In the queue 1 /);
  });

  it('chooses account and state; the address holds what is chosen, and "back" takes it back', async () => {
    await lookAt();
    await visit.reads('#agents tbody', /Bob/);
    await visit.page.selectOption('[name=state]', 'AWAY');
    await visit.reads('#agents tbody', /^Bob/);
    expect(visit.page.url()).toBe(`${center.url}/?account=${ACCOUNT}&state=AWAY`);
    await visit.page.selectOption('[name=account]', QUIET);
    await visit.page.selectOption('[name=state]', '');
    await visit.reads('#agents tbody', /^Eve/);
    expect(visit.page.url()).toBe(`${center.url}/?account=${QUIET}`);
    await visit.page.goBack();
    await visit.page.goBack();
    await visit.reads('#agents tbody', /^Bob/);
    expect(await visit.page.locator('[name=state]').inputValue()).toBe('AWAY');
  });

  it('chooses a team, and sees its agents, load, response time and deadlines; an address opens the same', async () => {
    await lookAt();
    await visit.page.selectOption('[name=team]', 'Service');
    for (const open of [async () => undefined, () => visit.page.reload()]) {
      await open();
      await visit.reads('#agents tbody', /^Bob .*%1? ?1$/);
      await visit.reads('#kpi-load', /^Load 25 % 1 present, 0 slots free$/);
      await visit.reads('#kpi-overdue', /^Overdue 0 /);
      await visit.reads('#kpi-due', /^Due soon 1 /);
      await visit.reads('#kpi-breaches', /^Breaches 0 /);
      await visit.reads('#kpi-art', /^Response time 20 s /);
      await visit.reads('#kpi-queue', /^In the queue 1 .* all teams$/);
      expect(new URL(visit.page.url()).search).toBe(`?account=${ACCOUNT}&team=Service`);
    }
    await visit.page.selectOption('[name=team]', 'Sales');
    await visit.reads('#kpi-breaches', /^Breaches 1 /);
    await visit.reads('#kpi-art', /^Response time – /);
  });

  it('is not offered teams where there are none', async () => {
    await look(`?account=${QUIET}`);
    await visit.reads('#agents tbody', /Eve/);
    expect(await visit.page.locator('[name=team]').isVisible()).toBe(false);
  });

  it('is told when the numbers are stale, and sees them live again', async () => {
    await lookAt();
    await center.system.end('metrics', 'SIGKILL');
    await visit.reads('#notice', /^Stale since \d+:\d\d:\d\d.*\. The (connection is lost|server cannot be reached)\.$/);
    await visit.reads('#connection', /^reconnecting$/);
    await center.system.launch('metrics');
    await visit.reads('#connection', /^live$/);
    expect(await visit.page.locator('#notice').isVisible()).toBe(false);
    await center.request('c-after');
    await visit.reads('#kpi-queue', /^In the queue 2 /);
    await center.send('ConversationEndEvent', 0, { convDetails: { convId: 'c-after' } });
    await visit.reads('#kpi-queue', /^In the queue 1 /);
  });

  it('chooses dark or light, which is kept; else the system decides', async () => {
    const background = () => visit.page.evaluate('getComputedStyle(document.body).backgroundColor');
    await lookAt('', { colorScheme: 'light' });
    const light = await background();
    await visit.page.click('#theme');
    const dark = await background();
    expect(dark).not.toBe(light);
    await visit.page.reload();
    await visit.reads('#connection', /^live$/);
    expect(await background()).toBe(dark);
    expect(await visit.page.locator('#theme').getAttribute('aria-pressed')).toBe('true');
    await visit.close();
    await lookAt('', { colorScheme: 'dark' });
    expect(await background()).toBe(dark);
  });

  it('can do with the keyboard alone', async () => {
    await lookAt();
    await visit.reads('#kpi-overdue', /^Overdue 1 /);
    await visit.page.keyboard.press('Tab');
    expect(await visit.text(':focus')).toBe('To the agents');
    const seen: string[] = [];
    while (!seen.includes('kpi-overdue') && seen.length < 30) {
      await visit.page.keyboard.press('Tab');
      seen.push((await visit.page.locator(':focus').getAttribute('id')) ?? '');
    }
    await visit.page.keyboard.press('Enter');
    await visit.reads('#drawer-body', /c1/);
    await visit.page.keyboard.press('Escape');
    await visit.page.locator('#drawer').waitFor({ state: 'hidden' });
    expect(await visit.page.locator(':focus').getAttribute('id')).toBe('kpi-overdue');
  });

  it('can use a phone: nothing is wider than its screen', async () => {
    await lookAt('', PHONE);
    await visit.reads('#agents tbody', /Bob/);
    expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await visit.page.click('#kpi-overdue');
    await visit.reads('#drawer-body', /c1/);
    expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});

describe('the wallboard', () => {
  it.each([
    { how: 'in light colours', options: { colorScheme: 'light' as const } },
    { how: 'in dark colours', options: { colorScheme: 'dark' as const } },
    { how: 'on a phone', options: PHONE },
  ])('can be used with assistive programs $how', async ({ options }) => {
    await lookAt('', options);
    await visit.reads('#agents tbody', /Bob/);
    await visit.reads('#kpi-overdue', /^Overdue 1 /);
    expect(await obstacles()).toEqual([]);
    await visit.page.click('#kpi-overdue');
    await visit.reads('#drawer-body', /c1/);
    expect(await obstacles()).toEqual([]);
  });

  it('loads little, all of it from here, and complains of nothing', async () => {
    await lookAt();
    await visit.reads('#agents tbody', /Bob/);
    const hosts = new Set([...visit.loaded.keys()].map((address) => new URL(address).origin));
    expect([...hosts]).toEqual([center.url]);
    const bytes = [...visit.loaded.values()].reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(visit.complaints).toEqual([]);
  });
});
