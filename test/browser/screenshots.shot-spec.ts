import { spawn } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { System, until } from '../e2e/system.js';
import { startBrowser, Visit } from './browser.js';

const IMAGES = join(import.meta.dirname, '../../docs/images');
const CLI = join(import.meta.dirname, '../../apps/cli/bin/livemeter.mjs');
const ACCOUNT = '84731';
const SCREEN = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' as const };

let system: System;
let browser: Browser;

/** The last hour of a simulated center of 24 agents in two teams, in a minute. */
beforeAll(async () => {
  mkdirSync(IMAGES, { recursive: true });
  const prepare = (configDir: string): void => {
    writeFileSync(join(configDir, 'metrics/teams.yaml'), 'tables: { agents: { file: agents.csv } }\n');
    writeFileSync(join(configDir, 'metrics/agents.csv'), 'agent_id,team\n');
  };
  [system, browser] = await Promise.all([System.start({ config: 'shipped', prepare }), startBrowser()]);
  const start = new Date(Date.now() - 3_600_000).toISOString();
  const to = `http://127.0.0.1:${system.ports.ingestion}/v1/events/liveperson`;
  const hour = ['--agents', '24', '--sla', '6m', '--start', start, '--duration', '2h', '--speed', '60'];
  const simulator = spawn(process.execPath, [CLI, 'simulate', ...hour, '--account', ACCOUNT, '--url', to], {
    env: { ...process.env, LP_KEY: system.key },
    stdio: 'ignore',
  });
  const here = `/v1/accounts/${ACCOUNT}`;
  type Agents = { agents: { id: string; snapshotAge: number | null }[] };
  const known = async () => ((await system.json(`${here}/agents?limit=500`)) as Agents).agents;
  const isNow = async () => (await known()).some(({ snapshotAge }) => snapshotAge !== null && snapshotAge < 10);
  await until('the hour is over', isNow, 120_000);
  // It would close the center in good order, and nobody were online.
  simulator.kill('SIGKILL');
  const agents = await known();
  const rows = agents.map(({ id }, index) => `${id},${index % 2 === 0 ? 'Sales' : 'Service'}`);
  writeFileSync(join(system.config, 'metrics/agents.csv'), `agent_id,team\n${rows.join('\n')}\n`);
  await until('there are teams', async () => JSON.stringify(await system.json(`${here}/teams`)).includes('Service'));
});

afterAll(async () => {
  await browser.close();
  await system.stop();
});

interface Shot {
  readonly name: string;
  readonly options: BrowserContextOptions;
  readonly click?: string;
}

it.each<Shot>([
  { name: 'wallboard-light', options: SCREEN },
  { name: 'wallboard-dark', options: { ...SCREEN, colorScheme: 'dark' } },
  { name: 'wallboard-behind-a-number', options: SCREEN, click: '#kpi-load' },
  { name: 'wallboard-phone', options: { ...SCREEN, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 } },
])('takes $name', async ({ name, options, click }) => {
  const visit = await Visit.of(browser, `http://127.0.0.1:${system.ports.metrics}`, `/?account=${ACCOUNT}`, options);
  await visit.reads('#connection', /^live$/);
  await visit.reads('#agents tbody', /\d %/);
  await visit.page.locator('#course canvas').waitFor();
  if (click !== undefined) {
    await visit.page.click(click);
    await visit.reads('#drawer-body', /\d %/);
  }
  const path = join(IMAGES, `${name}.png`);
  await visit.page.screenshot({ path });
  await visit.close();
  expect(statSync(path).size).toBeGreaterThan(10_000);
});
