import { describe, expect, it } from '@jest/globals';
import type { Catalog } from './catalog.js';
import { compileCatalog, formatDiagnostic, type TableSource } from './index.js';

/** The text of `agents.csv`, or all files of tables. */
type Tables = string | readonly TableSource[];

const CSV = 'tables: { agents: { file: agents.csv } }\n';
const YAML = 'tables: { agents: { file: agents.yaml } }\n';

function yamlTable(text: string): readonly TableSource[] {
  return [{ file: 'agents.yaml', text }];
}

function tablesOf(table: Tables): readonly TableSource[] {
  return typeof table === 'string' ? [{ file: 'agents.csv', text: table }] : table;
}

/** Labels that the gauge `a` gives agents. */
function teamsOf(catalog: Catalog, ids: readonly string[]): readonly unknown[] {
  const label = catalog.entities.agent.overs[0]?.labels[0];
  const event = { type: '' } as never;
  return ids.map((id) => label?.({ state: [id], event, now: 0 }));
}

const GAUGE = `metrics:
  - { name: a, help: A., type: gauge, over: agent, labels: { team: "lookup('agents', agent.id, 'team')" } }
  - { name: b_total, help: B., type: counter, for: agent, on: AppActionEvent, labels: { team: "lookup('agents', agent.id, 'team')" } }
`;

function compiled(yaml: string, table: Tables): Catalog {
  const result = compileCatalog([{ file: 'a.yaml', text: yaml }], tablesOf(table));
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.catalog;
}

describe('a table', () => {
  it.each<[what: string, yaml: string, table: Tables, want: readonly unknown[]]>([
    ['as CSV', CSV, 'agent_id,team\na1,Sales\n20000000000000000001,"x, ""y""\nz"', ['Sales', 'x, "y"\nz', null]],
    ['with blanks, CR LF, no end', CSV, '\uFEFF agent_id , team\r\n\r\n a1, "Sales " \r\na9,', ['Sales ', null, null]],
    ['without rows', CSV, 'agent_id,team', [null, null, null]],
    [
      'as YAML, as it is written',
      YAML,
      yamlTable('- { agent_id: a1, team: 007, x: }\n- agent_id: 20000000000000000001\n  team: yes\n'),
      ['007', 'yes', null],
    ],
    [
      'as YAML with nothing in cells',
      YAML,
      yamlTable(
        '- { agent_id: a1, team: ~ }\n- { team: null, agent_id: "20000000000000000001" }\n- &x { agent_id: a9, team: "null" }',
      ),
      [null, null, 'null'],
    ],
    [
      'as YAML with columns first',
      YAML,
      yamlTable('- agent_id: a9\n  team: &t T\n- { agent_id: a1, team: *t }'),
      ['T', null, 'T'],
    ],
  ])('%s', (_what, yaml, table, want) => {
    expect(teamsOf(compiled(yaml + GAUGE, table), ['a1', '20000000000000000001', 'a9'])).toEqual(want);
  });
});

/** What a change of tables or calendars does to a catalog. */
function changes(before: Catalog, after: Catalog): readonly string[] {
  const keys = (catalog: Catalog): string => catalog.metrics.map((metric) => metric.seriesKey).join();
  return [
    ...(before.fingerprint === after.fingerprint ? [] : ['fingerprint']),
    ...(keys(before) === keys(after) ? [] : ['series']),
    ...(before.entities.agent.layoutId === after.entities.agent.layoutId ? [] : ['agents']),
    ...(before.entities.conversation.layoutId === after.entities.conversation.layoutId ? [] : ['conversations']),
  ];
}

describe('a change', () => {
  const HOURS = 'calendars: { office: { zone: Europe/Berlin, open: { mon: "08:00-18:00" } } }\n';
  const TIMER = `state: { conversation: { due: { type: time, set: [{ on: TTRStatusEvent, to: event.effectiveTtr }] } } }
events: { conversation: { Late: { at: "after('office', conversation.due, 60)" } } }
`;
  const SINCE = `state: { agent: { red: { since: "lookup('agents', agent.id, 'team') == 'Red'" } } }
metrics:
  - { name: a, help: A., type: gauge, over: agent, when: agent.red != null }
`;
  const TABLE = 'agent_id,team\na1,Red\n';

  it.each<[what: string, yaml: readonly [string, string], tables: readonly [string, string], want: readonly string[]]>([
    ['of nothing', [CSV + GAUGE, CSV + GAUGE], [TABLE, TABLE], []],
    ['of how it is written', [CSV + GAUGE, CSV + GAUGE], [TABLE, '"agent_id" , team\r\na1,"Red"'], []],
    ['of a cell', [CSV + GAUGE, CSV + GAUGE], [TABLE, 'agent_id,team\na1,Blue\n'], ['fingerprint', 'agents']],
    ['of a cell nobody reads', [CSV, CSV], [TABLE, 'agent_id,team\na1,Blue\n'], ['fingerprint']],
    ['of a cell behind a field', [CSV + SINCE, CSV + SINCE], [TABLE, 'agent_id,team\n'], ['fingerprint', 'agents']],
    [
      'of hours',
      [HOURS + TIMER, HOURS.replace('18:00', '19:00') + TIMER],
      [TABLE, TABLE],
      ['fingerprint', 'conversations'],
    ],
    [
      'of a rule',
      [CSV + GAUGE, CSV + GAUGE.replaceAll(", 'team'", ", 'agent_id'")],
      [TABLE, TABLE],
      ['fingerprint', 'series', 'agents'],
    ],
  ])('%s', (_what, yaml, tables, want) => {
    expect(changes(compiled(yaml[0], tables[0]), compiled(yaml[1], tables[1]))).toEqual(want);
  });
});
