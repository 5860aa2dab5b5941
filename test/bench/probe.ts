import { setTimeout as after } from 'node:timers/promises';
import { latencies, signedRequests } from './http-load.js';
import type { Program } from './processes.js';

/** The probe's own account, so that its figures are its own. */
const PROBE = 'probe';

/** Sends a snapshot of the probe's one agent with so much weight. */
export async function sendSnapshot(ingestion: Program, weight: number): Promise<void> {
  const body = JSON.stringify({
    commonHeader: {
      accountId: PROBE,
      uid: `probe-${weight}`,
      schemaVersion: '1-0-0',
      eventTimestamp: Date.now(),
      eventType: 'AgentSnapshotEvent',
    },
    data: { agentId: 'p', totalAssignedConvWeight: weight, maxSlots: 1_000_000, totalAssignedConversations: 1 },
  });
  const [request = Buffer.alloc(0)] = signedRequests([body], 'bench');
  await latencies({ url: ingestion.url, requests: [request], connections: 1 }, 1_000, 1);
}

/** When `/metrics` first showed that weight, asked again and again (`performance.now()`). */
export function seenInMetrics({ url }: Program, weight: number): Promise<number> {
  return seen(`${url}/metrics`, `agent_assigned_weight{account_id="${PROBE}",agent_id="p"} ${weight}\n`);
}

/** When REST first showed that weight, asked again and again (`performance.now()`). */
export function seenOverRest({ url }: Program, weight: number): Promise<number> {
  return seen(`${url}/v1/accounts/${PROBE}/load`, `"assignedWeight":${weight},`);
}

async function seen(url: string, text: string): Promise<number> {
  for (;;) {
    const reply = await (await fetch(url)).text();
    if (reply.includes(text)) return performance.now();
    await after(5);
  }
}
