import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, compileCatalog, formatDiagnostic, type Source } from '@app/language';

/** The repository: benches run from its root, which `npm run` sees to. */
export const ROOT = process.cwd();

/** The packs whose metrics language.md fixes, with the state that they read. */
const FIXED_PACKS = [
  'agent',
  'conversation',
  'response-time',
  'ttr',
  'agent-load',
  'agent-state',
  'queue',
  'conversations',
  'focus',
].map((name) => `${name}.yaml`);

/** Everything that ships. */
export function allPacks(more: readonly Source[] = []): Catalog {
  return compiled([...definitions(() => true), ...more]);
}

/** The packs of language.md §9 alone. */
export function fixedPacks(): Catalog {
  return compiled(definitions((name) => FIXED_PACKS.includes(name)));
}

/** The state that ships, and so many metrics beside it: one in two counts, one in four observes, one in four is a gauge. */
export function formulasInForce(count: number): Catalog {
  const state = definitions((name) => FIXED_PACKS.includes(name)).map(({ file, text }) => ({
    file,
    text: text.replace(/^metrics:[\s\S]*$/m, ''),
  }));
  const metrics = Array.from({ length: count }, (_, index) => generated(index)).join('\n');
  return compiled([...state, { file: 'generated.yaml', text: `metrics:\n${metrics}\n` }]);
}

const ON = ['MessageConsumerEvent', 'MessageAgentEvent', 'TTRStatusEvent', 'ParticipantAgentAddEvent'];

function generated(index: number): string {
  const on = ON[(index >> 2) % ON.length] ?? '';
  const head = `  - name: generated_${index}`;
  const help = `    help: Generated, number ${index}.`;
  const labels = '    labels: { agent_id: conversation.assignedAgentId }';
  const bound = 10 + index;
  switch (index % 4) {
    case 0:
    case 1: {
      const when = `    when: conversation.open && event.time - coalesce(conversation.openedAt, event.time) >= ${bound}`;
      return [`${head}_total`, help, '    type: counter', '    for: conversation', `    on: ${on}`, when, labels].join(
        '\n',
      );
    }
    case 2: {
      const value = `    value: max(event.time - coalesce(conversation.waitingSince, event.time), 0)`;
      const buckets = '    buckets: [5, 15, 30, 60, 120, 300, 600]';
      return [head, help, '    type: histogram', '    for: conversation', `    on: ${on}`, value, labels, buckets].join(
        '\n',
      );
    }
    default: {
      const when = `    when: conversation.open && conversation.waitingSince != null && ${bound} > 0`;
      return [head, help, '    type: gauge', '    over: conversation', when, labels].join('\n');
    }
  }
}

function definitions(wanted: (name: string) => boolean): Source[] {
  const dir = join(ROOT, 'config/metrics');
  const files = readdirSync(dir).filter((name) => /\.yaml$/.test(name) && !/\.test\.yaml$/.test(name) && wanted(name));
  return files.map((file) => ({ file, text: readFileSync(join(dir, file), 'utf8') }));
}

function compiled(sources: readonly Source[]): Catalog {
  const result = compileCatalog(sources, []);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.catalog;
}
