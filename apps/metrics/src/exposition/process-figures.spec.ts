import { createProcessMetrics } from '@app/exposition';
import { createLogger, OCCURRENCES, Telemetry } from '@app/telemetry';
import { describe, expect, it } from '@jest/globals';
import { breaches } from '../../../../test/support/strict-exposition.js';
import type { Figures } from '../work/worker-messages.js';
import { ProcessFigures } from './process-figures.js';

function process(): Telemetry {
  const telemetry = new Telemetry(createLogger('metrics', 'silent')).withProcessMetrics();
  createProcessMetrics(telemetry.registry).setOwned(4);
  return telemetry;
}

/** As they come through the channel between two processes. */
async function figuresOf(telemetry: Telemetry): Promise<Figures> {
  return structuredClone(await telemetry.registry.getMetricsAsJSON());
}

describe('the figures of processes', () => {
  it('are those of the one process where there are no workers', async () => {
    const own = process();
    expect(await new ProcessFigures(own, null).text()).toMatch(/^livemeter_partitions_owned 4$/m);
  });

  it('stand side by side by worker, whatever they are, and are added up nowhere', async () => {
    const own = process();
    const [first, second] = [process(), process()];
    second.report(OCCURRENCES.leaseTaken, {}, { partition: 3 });
    const workers = new Map([
      [1, await figuresOf(first)],
      [2, await figuresOf(second)],
    ]);
    const text = await new ProcessFigures(own, { figures: () => Promise.resolve(workers) }).text();
    // The library writes empty lines, and this for no number; parsers take both.
    expect(breaches(text.replaceAll('\n\n', '\n').replaceAll(' Nan\n', ' NaN\n'))).toEqual([]);
    for (const worker of ['', '{worker="1"}', '{worker="2"}']) {
      expect(text).toContain(`\nlivemeter_partitions_owned${worker} 4\n`);
      expect(text).toMatch(new RegExp(`^process_start_time_seconds${worker} \\d`, 'm'));
    }
    expect(text).toMatch(/^livemeter_job_duration_seconds_bucket\{le="\+Inf",worker="2"\} 0$/m);
    // What only a worker has is there, too.
    expect(text).toContain('\nlivemeter_leases_taken_total{worker="2"} 1\n');
  });

  it('hold none of a worker that does not answer', async () => {
    const text = await new ProcessFigures(process(), { figures: () => Promise.resolve(new Map()) }).text();
    expect(text).not.toContain('worker=');
    expect(text).toMatch(/^nodejs_version_info\{.+\} 1$/m);
  });
});
