import { hash128 } from '@app/event';
import type { Catalog, MetricPlan } from './catalog.js';
import { collect } from './definition/collect.js';
import { withinCounts } from './definition/counts.js';
import type { Definitions } from './definition/definitions.js';
import { type Diagnostic, Findings, type Position } from './diagnostic.js';
import { namesInFormulas } from './expression/names-read.js';
import { createZones } from './expression/zones.js';
import { planData } from './plan/data.js';
import { entityContext, type Surroundings } from './plan/entity-context.js';
import { planEntity } from './plan/entity.js';
import { planFormulas } from './plan/formulas.js';
import { Lineage } from './plan/lineage.js';
import { checkMetricNames } from './plan/metric-names.js';
import { warnOfMistakes } from './plan/mistakes.js';
import { checkShape } from './plan/metric-shape.js';
import type { Source } from './source/source.js';
import { type ShapedFile, shapeFile } from './source/structure.js';
import { readYaml } from './source/yaml-file.js';
import type { TableSource } from './table/table-files.js';
import { windowedNames } from './plan/windows.js';
import type { Watch } from './watch.js';

/** The catalog, or everything that is wrong with it. Diagnostics come by file, line and column. */
export type CompileResult =
  | {
      readonly ok: true;
      readonly catalog: Catalog;
      readonly warnings: readonly Diagnostic[];
      /** Where the name of each metric stands, and that of each own event: `conversation.Answered`. */
      readonly places: ReadonlyMap<string, Position>;
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Compiles all files of a catalog together: text → YAML → shape → definitions → plans. A phase goes on with what the one
 * before could read, so that all errors of all files are found at once. The files of its tables ({@link tableFilesOf}) come
 * along. Pure.
 * @param watch Is shown what the catalog decides; it costs a little with every event.
 */
export function compileCatalog(
  sources: readonly Source[],
  tables: readonly TableSource[] = [],
  watch: Watch | null = null,
): CompileResult {
  const findings = new Findings();
  const files = shaped(withinFiles(sources, findings), findings);
  const definitions = withinCounts(collect(files, files.length === sources.length, findings), findings);
  const zones = createZones();
  const known = planData(definitions, tables, zones, findings);
  const lineage = new Lineage();
  for (const [key, text] of known.texts) lineage.addData(key, text);
  const { complete } = definitions;
  const formulaNames = namesInFormulas(definitions.metrics);
  const windowed = windowedNames(definitions.metrics, formulaNames);
  const { data } = known;
  const surroundings: Surroundings = { complete, findings, lineage, zones, data, windowed, formulaNames, watch };
  warnOfMistakes(definitions, findings);
  const catalog = planCatalog(definitions, fingerprintOf(files, known.texts), surroundings);
  const errors = findings.sorted('error');
  if (errors.length > 0) return { ok: false, diagnostics: errors };
  return { ok: true, catalog, warnings: findings.sorted('warning'), places: placesOf(definitions) };
}

function placesOf({ metrics, entities }: Definitions): ReadonlyMap<string, Position> {
  const own = Object.values(entities).flatMap(({ kind, ownEvents }) =>
    ownEvents.map(({ name, at }): [string, Position] => [`${kind}.${name}`, at]),
  );
  return new Map([...metrics.map(({ name, at }): [string, Position] => [name, at]), ...own]);
}

const MOST_FILES = 200;

/** The most text of all files together (characters). */
const MOST_TEXT = 2 * 1024 * 1024;

/** The files, or none of them when they are too many: reading alone would take long. */
function withinFiles(sources: readonly Source[], findings: Findings): readonly Source[] {
  const [first] = sources;
  const size = sources.reduce((total, { text }) => total + text.length, 0);
  if (first === undefined || (sources.length <= MOST_FILES && size <= MOST_TEXT)) return sources;
  const message = `there are more than ${MOST_FILES} files, or ${MOST_TEXT} characters in all of them`;
  findings.error({ file: first.file, line: 1, col: 1 }, { code: 'too-large', message, remedy: 'leave some out' });
  return [];
}

/** Files in the order of their names: everywhere the same, whatever order a folder lists them in. */
function shaped(sources: readonly Source[], findings: Findings): readonly ShapedFile[] {
  return [...sources]
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
    .flatMap((source) => readYaml(source, findings) ?? [])
    .map((file) => shapeFile(file, findings));
}

function fingerprintOf(files: readonly ShapedFile[], data: ReadonlyMap<string, string>): string {
  return hash128(JSON.stringify([files.map((file) => file.body), [...data]]));
}

function planCatalog({ entities, metrics }: Definitions, fingerprint: string, surroundings: Surroundings): Catalog {
  const { findings } = surroundings;
  checkMetricNames(metrics, findings);
  for (const metric of metrics) if (metric.body !== null) checkShape(metric, metric.body, findings);
  const conversation = planEntity(entityContext(entities.conversation, entities.agent, surroundings), metrics);
  const agent = planEntity(entityContext(entities.agent, entities.conversation, surroundings), metrics);
  const kept = [...conversation.metrics, ...agent.metrics].map((metric) => metric.plan);
  const formulas = planFormulas(metrics, kept, surroundings);
  return {
    fingerprint,
    entities: { conversation: conversation.plan, agent: agent.plan },
    metrics: [...kept, ...formulas].sort(byName),
    tables: new Map([...surroundings.data.tables].flatMap(([name, table]) => (table === null ? [] : [[name, table]]))),
  };
}

function byName(a: MetricPlan, b: MetricPlan): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
