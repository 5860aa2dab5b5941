import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { comesToReplay, simulated } from './simulated.js';
import { System } from './system.js';

let system: System;

beforeEach(async () => {
  system = await System.start();
});

afterEach(async () => {
  await system.stop();
});

describe('live = replay', () => {
  it('when everything runs', async () => {
    const bodies = await simulated(system.dir);
    await system.postAll(bodies);
    await comesToReplay(system, bodies);
  });

  it('when the metrics app is killed and started again in mid-run', async () => {
    const bodies = await simulated(system.dir);
    const half = Math.floor(bodies.length / 2);
    const restart = async (): Promise<void> => {
      await system.end('metrics', 'SIGKILL');
      await system.launch('metrics');
    };
    await system.postAll(bodies.slice(0, half));
    await Promise.all([system.postAll(bodies.slice(half)), restart()]);
    await comesToReplay(system, bodies);
  });

  it('when ingestion is restarted in between: the outage is in the record', async () => {
    const bodies = await simulated(system.dir);
    const half = Math.floor(bodies.length / 2);
    await system.postAll(bodies.slice(0, half));
    await system.end('ingestion', 'SIGKILL');
    await system.launch('ingestion');
    await system.postAll(bodies.slice(half));
    expect(readFileSync(system.record, 'utf8')).toMatch(/^\{"outage":/m);
    await comesToReplay(system, bodies);
  });
});
