import { describe, expect, it } from '@jest/globals';
import { catalogOf, type Step, tell } from '../../../test/support/story.js';

const CATALOG = catalogOf(`
metrics:
  - name: big_total
    help: Something that grows beyond all bounds.
    type: counter
    for: agent
    on: AgentSnapshotEvent
    value: event.assignedWeight
    labels: { agent_id: event.agentId }
`);

function snapshots(agent: string, weights: readonly number[]): Step[] {
  return weights.map((assignedWeight, index) => ({
    at: index + 1,
    type: 'AgentSnapshotEvent',
    agent,
    assignedWeight,
  }));
}

describe('a sum beyond 9·10¹²', () => {
  it.each([
    { name: 'a value too many has no result; smaller ones still have', weights: [8e12, 8e12, 1e12, 1], want: 9e12 },
    { name: 'what comes before it counts', weights: [1, 2, 9e12], want: 3 },
    { name: 'the very limit can be reached', weights: [4.5e12, 4.5e12], want: 9e12 },
  ])('$name', async ({ weights, want }) => {
    const got = await tell(CATALOG, snapshots('a1', weights));
    expect(got).toEqual([`big_total{agent_id="a1"} ${want}`]);
  });

  it('takes nothing from those beside it, in whatever order agents come', async () => {
    const steps = [...snapshots('a1', [8e12, 8e12, 5]), ...snapshots('a2', [1, 2, 3])];
    const want = ['big_total{agent_id="a1"} 8000000000005', 'big_total{agent_id="a2"} 6'];
    expect(await tell(CATALOG, steps)).toEqual(want);
    expect(await tell(CATALOG, steps, { holdMs: 250 })).toEqual(want);
  });
});
