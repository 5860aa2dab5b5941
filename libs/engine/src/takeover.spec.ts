import { describe, expect, it } from '@jest/globals';
import { type Catalog, compileCatalog, formatDiagnostic } from '@app/language';
import type { EventStep } from '../../../test/support/story.js';
import { Switching } from '../../../test/support/switching.js';

/** A catalog with this table of agents and these hours on Thursdays, on the first of which time begins. */
function catalogWith(agents: string, thursday: string): Catalog {
  const yaml = `
tables: { agents: { file: agents.csv } }
calendars: { office: { zone: UTC, open: { thu: ${thursday} } } }
state: { agent: { due: { type: time, set: [{ on: AgentSnapshotEvent, to: event.time }] } } }
events: { agent: { Late: { at: "after('office', agent.due, 60)" } } }
metrics:
  - { name: agents, help: A., type: gauge, over: agent, labels: { team: "lookup('agents', agent.id, 'team')" } }
  - name: snapshots_total
    help: S.
    type: counter
    for: agent
    on: AgentSnapshotEvent
    labels: { team: "lookup('agents', event.agentId, 'team')" }
  - { name: late_total, help: L., type: counter, for: agent, on: Late }
`;
  const compiled = compileCatalog([{ file: 'a.yaml', text: yaml }], [{ file: 'agents.csv', text: agents }]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.catalog;
}

const snapshot = (at: number): EventStep => ({ at, type: 'AgentSnapshotEvent', agent: 'a1' });

describe('at a change of tables and calendars', () => {
  it('gauges and timers are evaluated anew, and what was counted stays', async () => {
    const switching = new Switching();
    expect(await switching.under(catalogWith('id,team\na1,Red\n', '09:00-17:00'), [snapshot(10)], 20)).toEqual([
      'agents{team="Red"} 1',
      'snapshots_total{team="Red"} 1',
    ]);
    expect(await switching.under(catalogWith('id,team\na1,Blue\n', '00:00-17:00'), [], 69)).toEqual([
      'agents{team="Blue"} 1',
      'snapshots_total{team="Red"} 1',
    ]);
    // A minute of open time after 10 s has become 70 s.
    expect(await switching.under(catalogWith('id,team\na1,Blue\n', '00:00-17:00'), [], 75)).toEqual([
      'agents{team="Blue"} 1',
      'late_total 1',
      'snapshots_total{team="Red"} 1',
    ]);
    expect(await switching.under(catalogWith('id,team\n', '00:00-17:00'), [snapshot(80)], 81)).toEqual([
      'agents{team=""} 1',
      'late_total 1',
      'snapshots_total{team=""} 1',
      'snapshots_total{team="Red"} 1',
    ]);
  });
});
