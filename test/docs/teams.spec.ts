import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { formatDiagnostic, readTests } from '@app/language';
import { failureText } from '../../apps/cli/src/test/failure-text.js';
import { runTest } from '../../apps/cli/src/test/run-test.js';
import { examples } from '../support/examples.js';
import { shippedCatalog } from '../support/shipped.js';
import { type Step, tell } from '../support/story.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/teams.md'), 'utf8');

/** The files that the page tells to write: a path in the last line before a block, and the block. */
const FILES = [...PAGE.matchAll(/`config\/metrics\/([\w.-]+)`:\n\n```\w+\n(.*?)```/gs)].map(([, file, text]) => ({
  file: file ?? '',
  text: text ?? '',
}));

/** The last block: the numbers that the page ends with. */
const NUMBERS = PAGE.slice(PAGE.lastIndexOf('```\n', PAGE.length - 5) + 4, PAGE.lastIndexOf('```')).trimEnd();

/** Monday, 2 March 2026, 12:59:30 in Berlin. */
const START = Date.parse('2026-03-02T12:59:30+01:00') / 1000;

function asked(conversation: string, agent: string, seconds: number): readonly Step[] {
  const at = START + seconds;
  return [
    { at, type: 'ConversationRequestEvent', conversation },
    { at, type: 'ParticipantAgentAddEvent', conversation, agent, isAssigned: true },
    { at, type: 'MessageConsumerEvent', conversation },
  ];
}

function answered(conversation: string, agent: string, seconds: number): Step {
  return { at: START + seconds, type: 'MessageAgentEvent', conversation, agent, isAssigned: true };
}

function seen(agent: string, seconds: number): Step {
  return { at: START + seconds, type: 'AgentSnapshotEvent', agent, assignedWeight: 1, maxSlots: 3 };
}

it('the page about teams tells how to get the numbers that it ends with', async () => {
  expect(FILES.map(({ file }) => file)).toEqual([
    'agents.csv',
    'teams.yaml',
    'by-team.yaml',
    'team-answers.yaml',
    'office.yaml',
  ]);
  const isTable = ({ file }: { file: string }): boolean => basename(file).endsWith('.csv');
  const catalog = shippedCatalog(
    FILES.filter((file) => !isTable(file)),
    FILES.filter(isTable),
  );
  const lines = await tell(
    catalog,
    [
      ...asked('c1', 'a1', 0),
      ...asked('c2', 'a2', 0),
      ...asked('c3', 'a3', 0),
      answered('c1', 'a1', 20),
      ...['a1', 'a2', 'a3'].map((agent) => seen(agent, 30)),
      answered('c2', 'a2', 40),
      ...asked('c4', 'a3', 80),
      answered('c3', 'a3', 90),
    ],
    { until: START + 91 },
  );
  const names = new Set(NUMBERS.split('\n').map((line) => line.replace(/\{.*/, '')));
  expect(lines.filter((line) => names.has(line.replace(/[{ ].*/, ''))).join('\n')).toBe(NUMBERS);
});

it('what it tells to write ships, too, and begins the files that are copied in one step', () => {
  const { definitions, tables } = examples();
  const comment = '# yaml-language-server: $schema=../schemas/catalog.schema.json\n';
  const shipped = [...definitions.map(({ file, text }) => ({ file, text: text.replace(comment, '') })), ...tables];
  const begun = FILES.filter(({ file, text }) =>
    shipped.some((each) => each.file === file && each.text.startsWith(text)),
  );
  expect(begun).toEqual(FILES);
});

it('what ships passes its own tests, beside all packs', async () => {
  const { definitions, tables, tests } = examples();
  const catalog = shippedCatalog(definitions, tables);
  const files = tests.map((file) => readTests(file, catalog));
  expect(files.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic))).toEqual([]);
  const stories = files.flatMap((file) => file.tests);
  expect(stories.length).toBeGreaterThan(0);
  for (const story of stories) {
    const result = await runTest(catalog, story);
    expect(result.differences.length === 0 ? '' : failureText(catalog, result)).toBe('');
  }
});
