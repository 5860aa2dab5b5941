import { describe, expect, it } from '@jest/globals';
import { Gate, type Obstacle } from './gate.js';

describe('the gate', () => {
  it.each<{
    name: string;
    standing: Obstacle[];
    tolerated: Obstacle[];
    refusing: Obstacle | null;
    missing: Obstacle[];
  }>([
    { name: 'nothing stands in the way', standing: [], tolerated: [], refusing: null, missing: [] },
    { name: 'one thing does', standing: ['memory'], tolerated: [], refusing: 'memory', missing: ['memory'] },
    {
      name: 'all that is missing is told',
      standing: ['record', 'redis'],
      tolerated: [],
      refusing: 'redis',
      missing: ['redis', 'record'],
    },
    {
      name: 'a Redis that may lose events refuses none',
      standing: ['durability'],
      tolerated: [],
      refusing: null,
      missing: ['durability'],
    },
    {
      name: 'what was accepted is not missing',
      standing: ['durability'],
      tolerated: ['durability'],
      refusing: null,
      missing: [],
    },
  ])('$name', ({ standing, tolerated, refusing, missing }) => {
    const gate = new Gate(new Set(tolerated));
    for (const obstacle of ['redis', 'memory', 'record', 'durability'] as const) {
      gate.watch(obstacle, () => (standing.includes(obstacle) ? 'is wrong' : null));
    }
    expect(gate.refusing).toBe(refusing);
    expect(Object.keys(gate.missing)).toEqual(missing);
    expect(Object.keys(gate.reduced)).toEqual(standing.filter((obstacle) => tolerated.includes(obstacle)));
  });
});
