import { describe, expect, it } from '@jest/globals';
import { compileCatalog, formatDiagnostic, LARGEST_TABLE_BYTES, type TableSource } from './index.js';

interface Case {
  readonly name: string;
  readonly yaml: string;
  /** The text of `agents.csv`, or all files of tables. */
  readonly table?: string | readonly TableSource[];
  readonly want: readonly string[];
}

const CSV = 'tables: { agents: { file: agents.csv } }\n';
const YAML = 'tables: { agents: { file: agents.yaml } }\n';

function yamlTable(text: string): readonly TableSource[] {
  return [{ file: 'agents.yaml', text }];
}

const CASES: readonly Case[] = [
  // Where a table's file is.
  {
    name: 'a file that is not there',
    yaml: CSV,
    table: [],
    want: [
      'a.yaml:1:27: bad-table: the table\'s file "agents.csv" cannot be read: there is no such file — put it beside this file, as UTF-8 text',
    ],
  },
  {
    name: 'a file that cannot be read',
    yaml: CSV,
    table: [{ file: 'agents.csv', unreadable: 'it is no UTF-8 text' }],
    want: [
      'a.yaml:1:27: bad-table: the table\'s file "agents.csv" cannot be read: it is no UTF-8 text — put it beside this file, as UTF-8 text',
    ],
  },
  {
    name: 'files elsewhere',
    yaml: 'tables:\n  a: { file: ../a.csv }\n  b: { file: /etc/passwd }\n  c: { file: c.txt }\n',
    want: ['2:14: bad-table: "../a.csv"', '3:14: bad-table: "/etc/passwd"', '4:14: bad-table: "c.txt"'].map(
      (start) =>
        `a.yaml:${start} is no file that a table can have — name a .csv or .yaml file beside this one or in a folder below, as in tables/agents.csv`,
    ),
  },
  {
    name: 'a table of the wrong shape',
    yaml: 'tables: { agents: agents.csv, b: { fil: b.csv }, c: {} }\n',
    want: [
      'a.yaml:1:19: wrong-shape: "agents" is "agents.csv" — it must be a map with file',
      'a.yaml:1:36: unknown-key: "fil" is not a key of the table "b" — did you mean "file"?',
      'a.yaml:1:53: missing-key: the table "c" has no "file" — add file: it must be a text',
    ],
  },
  {
    name: 'a name that cannot be one',
    yaml: 'tables: { "a b": { file: agents.csv } }\ncalendars: { "": { zone: UTC, open: {} } }\n',
    table: 'agent_id,team\n',
    want: [
      'a.yaml:1:11: invalid-name: "a b" cannot be the name of a table — use letters, digits and _, and no reserved word',
      'a.yaml:2:14: invalid-name: "" cannot be the name of a calendar — use letters, digits and _, and no reserved word',
    ],
  },

  // CSV.
  {
    name: 'rows that do not fit the header',
    yaml: CSV,
    table: 'agent_id,team\na1,Sales,Berlin\na2\n"a\n3",x,y\n\na4,Service\n',
    want: [
      'agents.csv:2:1: bad-table: this row has 3 cells, and the header has 2 columns — write one cell for each column; one with a comma in it is put in quotes',
      'agents.csv:3:1: bad-table: this row has 1 cell, and the header has 2 columns — write one cell for each column; one with a comma in it is put in quotes',
      'agents.csv:4:1: bad-table: this row has 3 cells, and the header has 2 columns — write one cell for each column; one with a comma in it is put in quotes',
    ],
  },
  {
    name: 'keys that are there twice, or not at all',
    yaml: CSV,
    table: '\uFEFFagent_id,team\r\na1,Sales\r\n,Service\r\na1,Billing\r\n',
    want: [
      'agents.csv:3:1: bad-table: this row has no "agent_id", its key — give it one, or remove the row',
      'agents.csv:4:1: duplicate: the row with agent_id "a1" is also in line 2 — keep one of them: the first column is the key',
    ],
  },
  {
    name: 'columns without a name, or with the same',
    yaml: CSV,
    table: '\uFEFF"Ägent, id", team ,,team\na1,x,y,z\n',
    want: [
      'agents.csv:1:20: bad-table: a column has no name — name every column',
      'agents.csv:1:21: duplicate: two columns are called "team" — rename one of them',
    ],
  },
  {
    name: 'semicolons',
    yaml: CSV,
    table: 'agent_id;team\na1;Sales\n',
    want: [
      'agents.csv:1:1: bad-table: the table has one column, "agent_id;team": there is nothing to look up — the first column is the key, more follow it; in CSV they are separated by commas',
    ],
  },
  {
    name: 'a quote that is not closed',
    yaml: CSV,
    table: 'agent_id,team\na1,"Sales\na2,Service\n',
    want: [
      'agents.csv:2:4: bad-table: the quote of cell 2 is not closed — put the whole cell in quotes, and write a quote within as ""',
    ],
  },
  {
    name: 'a quote that is not closed at the begin of a line',
    yaml: CSV,
    table: 'agent_id,team\r\na1,Ä\r\n"a2,Service\r\na3,y',
    want: [
      'agents.csv:3:1: bad-table: the quote of cell 1 is not closed — put the whole cell in quotes, and write a quote within as ""',
    ],
  },
  {
    name: 'a quote in the middle',
    yaml: CSV,
    table: 'agent_id,team\na1,The "best"\n',
    want: [
      'agents.csv:2:4: bad-table: cell 2 has a quote in its middle — put the whole cell in quotes, and write a quote within as ""',
    ],
  },
  {
    name: 'nothing',
    yaml: CSV,
    table: '\n \n',
    want: [
      'agents.csv:1:1: bad-table: the table is empty — begin with a line that names the columns, as in agent_id,team',
    ],
  },
  {
    name: 'too many columns, too long a file',
    yaml: 'tables: { a: { file: a.csv }, b: { file: b.csv } }\n',
    table: [
      { file: 'a.csv', text: Array.from({ length: 65 }, (_, index) => `c${index}`).join(',') },
      { file: 'b.csv', text: ' '.repeat(LARGEST_TABLE_BYTES + 1) },
    ],
    want: [
      'a.csv:1:247: too-large: the table has more than 64 columns — keep only the rows and columns that metrics use',
      'b.csv:1:1: too-large: the table is longer than 8 MiB — keep only the rows and columns that metrics use',
    ],
  },
  {
    name: 'too many rows',
    yaml: CSV,
    table: `a,b\n${Array.from({ length: 100_001 }, (_, index) => `${index},x\n`).join('')}`,
    want: [
      'agents.csv:1:1: too-large: the table has more than 100000 rows — keep only the rows and columns that metrics use',
    ],
  },

  // YAML.
  {
    name: 'rows of YAML that make no table',
    yaml: YAML,
    table: yamlTable(`- { agent_id: a1, team: Sales, skills: null }
- { agent_id: a2, taem: Sales }
- a3
- { agent_id: a4, skills: [x, y] }
- { team: Service }
- { agent_id: a2 }
`),
    want: [
      'agents.yaml:2:19: unknown-name: "taem" is not a column: the first row has none of that name — did you mean "team"?',
      'agents.yaml:3:3: bad-table: a row is a map of columns to cells, and this is none — write a row as - { agent_id: a1, team: Sales }',
      'agents.yaml:4:27: bad-table: the cell of "skills" is a list — a cell is a text: write a list as one text, as in "sales billing"',
      'agents.yaml:5:3: bad-table: this row has no "agent_id", its key — give it one, or remove the row',
      'agents.yaml:6:3: duplicate: the row with agent_id "a2" is also in line 2 — keep one of them: the first column is the key',
    ],
  },
  {
    name: 'YAML that is no list',
    yaml: YAML,
    table: yamlTable('a1: { team: Sales }\n'),
    want: ['agents.yaml:1:1: bad-table: the table is no list of rows — write a row as - { agent_id: a1, team: Sales }'],
  },
  {
    name: 'an empty list',
    yaml: YAML,
    table: yamlTable('[]'),
    want: ['agents.yaml:1:1: bad-table: the table is empty — write a row as - { agent_id: a1, team: Sales }'],
  },
  {
    name: 'no YAML',
    yaml: YAML,
    table: yamlTable('- { agent_id: a1, agent_id: a2 }\n'),
    want: ['agents.yaml:1:19: yaml: Map keys must be unique — correct the YAML'],
  },
];

function tablesOf(table: Case['table']): readonly TableSource[] {
  return typeof table === 'string' ? [{ file: 'agents.csv', text: table }] : (table ?? []);
}

function errorsOf({ yaml, table }: Pick<Case, 'yaml' | 'table'>): readonly string[] {
  const compiled = compileCatalog([{ file: 'a.yaml', text: yaml }], tablesOf(table));
  return compiled.ok ? [] : compiled.diagnostics.map(formatDiagnostic);
}

describe('of tables the compiler tells', () => {
  it.each(CASES)('$name', (each) => {
    expect(errorsOf(each)).toEqual(each.want);
  });

  it('no more than the first twenty mistakes of a table', () => {
    expect(errorsOf({ yaml: CSV, table: `a,b\n${'x\n'.repeat(1000)}` })).toHaveLength(20);
  });
});
