import { createHash } from 'node:crypto';
import { readBundle } from '@app/config';
import type { EntityPlan, MetricPlan } from '@app/language';
import { z } from 'zod';
import type { CatalogTerm } from './catalog-in-force.js';
import type { Refusal } from './config-watch.js';

const field = z.object({ name: z.string(), type: z.enum(['time', 'number', 'string', 'bool']) });

/** What `GET /v1/catalog` answers. */
export const catalogView = z.object({
  version: z.int().describe('Raised with each change of the catalog.'),
  fingerprint: z.string().describe('Of the definitions and tables: the same for the same catalog.'),
  proposedBy: z.string().describe('The replica whose files are in force.'),
  proposedAt: z.iso.datetime(),
  files: z.object({
    names: z.array(z.string()).describe('Definitions and tables, relative to their folder.'),
    sha256: z.string().describe('Of all files with their names: it also changes with a comment.'),
  }),
  metrics: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['counter', 'histogram', 'gauge']),
      help: z.string(),
      source: z.string().nullable().describe('The vendor definition that it follows.'),
      labels: z.array(z.string()),
      windows: z.array(z.string()).describe('Of a formula: its sliding windows as written.'),
    }),
  ),
  state: z.object({ conversation: z.array(field), agent: z.array(field) }),
  refused: z
    .object({ at: z.iso.datetime(), diagnostics: z.array(z.string()) })
    .nullable()
    .describe(
      "The present content of the answering replica's config folder, when it was refused; the catalog in force stays.",
    ),
});

export type CatalogView = z.output<typeof catalogView>;

/** The catalog in force, as it is told over REST. */
export function viewOf(term: CatalogTerm, refusal: Refusal | null): CatalogView {
  const { version, fingerprint, proposedBy, at, files, catalog } = term;
  const { definitions, tables } = readBundle(files) ?? { definitions: [], tables: [] };
  return {
    version,
    fingerprint,
    proposedBy,
    proposedAt: timeOf(at),
    files: {
      names: [...definitions, ...tables].map(({ file }) => file).sort(),
      sha256: createHash('sha256').update(files).digest('hex'),
    },
    metrics: catalog.metrics.filter((metric) => metric.exported).map(metricOf),
    state: { conversation: fieldsOf(catalog.entities.conversation), agent: fieldsOf(catalog.entities.agent) },
    refused: refusal && { at: timeOf(refusal.at), diagnostics: [...refusal.diagnostics] },
  };
}

function metricOf({ name, type, help, source, labelNames, kept }: MetricPlan): CatalogView['metrics'][number] {
  const windows = kept.kind === 'formula' ? kept.formula.windows.map(({ label }) => label) : [];
  return { name, type, help, source, labels: ['account_id', ...labelNames], windows };
}

function fieldsOf({ fields }: EntityPlan): CatalogView['state']['agent'] {
  return fields.map(({ name, type }) => ({ name, type }));
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
