import type { Catalog } from '../catalog.js';
import { type Diagnostic, Findings } from '../diagnostic.js';
import { reportIssues, type Shape } from '../source/shape-issues.js';
import { readYaml, type YamlFile } from '../source/yaml-file.js';
import type { Path } from '../source/yaml-path.js';
import { type Place, placeAt } from './place.js';
import { readEvents } from './read-events.js';
import { readExpectations } from './read-expectations.js';
import { type TestBody, TestFileSchema } from './schema.js';
import type { TestCase } from './test-case.js';

const SHAPE: Shape = { schema: TestFileSchema, nameOf };

/** The tests of a file, and everything that is wrong with it; then it has no tests. */
export interface TestFile {
  readonly tests: readonly TestCase[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file of tests (`*.test.yaml`) against the catalog that it tests. Pure; reports all that is wrong at once. */
export function readTests(source: { readonly file: string; readonly text: string }, catalog: Catalog): TestFile {
  const findings = new Findings();
  const yaml = readYaml(source, findings);
  const tests = yaml === null ? [] : testsOf(yaml, catalog, findings);
  const diagnostics = findings.sorted('error');
  return { tests: diagnostics.length === 0 ? tests : [], diagnostics };
}

/** What is wrong in shape keeps the rest of the file from being looked at: names would be missed that are there. */
function testsOf(yaml: YamlFile, catalog: Catalog, findings: Findings): readonly TestCase[] {
  const parsed = TestFileSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    reportIssues(yaml, SHAPE, parsed.error.issues, findings);
    return [];
  }
  const { tests } = parsed.data;
  const placeOf = (index: number): Place => placeAt(yaml, findings, ['tests', index]);
  tests.forEach((test, index) => checkName(test.name, tests.slice(0, index), placeOf(index)));
  return tests.map((test, index) => readTest(test, catalog, placeOf(index)));
}

function readTest({ name, events, expect }: TestBody, catalog: Catalog, place: Place): TestCase {
  return {
    name,
    position: place.below('name').position,
    events: readEvents(events, place.below('events')),
    expectations: readExpectations(expect, catalog, place.below('expect')),
  };
}

function checkName(name: string, earlier: readonly TestBody[], place: Place): void {
  if (!earlier.some((test) => test.name === name)) return;
  place.below('name').error({
    code: 'duplicate',
    message: `another test of this file is named "${name}", too`,
    remedy: 'give each test a name that says what it shows',
  });
}

function nameOf(path: Path): string {
  const [, , section, , part] = path;
  if (path.length === 0) return 'a test file';
  if (path.length === 2) return 'a test';
  if (path.length === 4) return section === 'events' ? 'an event' : 'an expectation';
  if (path.length === 6 && part === 'samples') return 'a sample';
  return `"${String(path.at(-1))}"`;
}
