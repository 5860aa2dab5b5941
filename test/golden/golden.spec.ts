import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';

/** The packs whose metrics the stories look at, and the state that they read. Packs added later change no story. */
const PACKS = ['agent', 'conversation', 'response-time', 'ttr', 'agent-load', 'agent-state', 'queue', 'conversations'];

const METRICS = join(import.meta.dirname, '../../config/metrics');
const STORIES = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** The samples alone, those of one metric to a paragraph. */
function samplesOf(exposition: string): string {
  return `${exposition.replace(/(^#.*\n)+/gm, '\n').trim()}\n`;
}

describe('livemeter replay', () => {
  const line = new CommandLine();

  beforeAll(() => {
    for (const pack of PACKS) line.define(`${pack}.yaml`, readFileSync(join(METRICS, `${pack}.yaml`), 'utf8'));
  });

  afterAll(() => line.remove());

  it.each(STORIES)('tells of %s what is expected', async (story) => {
    const expected = join(import.meta.dirname, story, 'expected.prom');
    const { out, err, code } = await line.run(['replay', join(import.meta.dirname, story, 'events.ndjson')]);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const got = samplesOf(out);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(expected, got);
    expect(got).toBe(readFileSync(expected, 'utf8'));
  });
});
