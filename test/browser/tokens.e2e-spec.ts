import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startBrowser, Visit } from './browser.js';
import { ACCOUNT, Center, QUIET } from './center.js';

const TOKEN = 'a-token-of-one-account';
const OTHER = 'a-token-of-all-accounts';

const TOKENS = `tokens:
  - { name: wall, token: ${TOKEN}, accounts: ['${ACCOUNT}'], scopes: [read] }
  - { name: all, token: ${OTHER}, accounts: all, scopes: [read, metrics] }
`;

let center: Center;
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  const env = (dir: string) => {
    writeFileSync(join(dir, 'tokens.yaml'), TOKENS, { mode: 0o600 });
    return { LIVEMETER_TOKENS: join(dir, 'tokens.yaml') };
  };
  [center, browser] = await Promise.all([Center.open({ env }), startBrowser()]);
  await center.atRest({ authorization: `Bearer ${OTHER}` });
});

afterEach(() => visit.close());

afterAll(async () => {
  await browser.close();
  await center.close();
});

it('a supervisor signs in once, is led to what was asked for, and sees no account but its own', async () => {
  visit = await Visit.of(browser, center.url, `/?account=${ACCOUNT}&state=AWAY`);
  await visit.page.fill('[name=token]', 'not a token at all');
  await visit.page.keyboard.press('Enter');
  await visit.reads('body', /not known here/);
  await visit.page.fill('[name=token]', TOKEN);
  await visit.page.keyboard.press('Enter');
  await visit.reads('#agents tbody', /^Bob/);
  expect(visit.page.url()).toBe(`${center.url}/?account=${ACCOUNT}&state=AWAY`);
  expect(await visit.page.locator('[name=account] option').allInnerTexts()).toEqual([ACCOUNT]);
  await visit.page.goto(`${center.url}/?account=${QUIET}`);
  await visit.reads('#notice', /Its token is not for this account\.$/);
});
