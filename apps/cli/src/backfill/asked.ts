import type { Extent } from '@app/archive';
import { projectVersion } from '../project.js';

/** What is to be computed. Times in ms. */
export interface Wanted {
  readonly metrics: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly out: string;
  readonly archive: string | undefined;
  readonly extent: Extent;
}

/** Under what it is computed. */
export interface Under {
  readonly holdMs: number;
  readonly personalData: boolean;
  readonly partitions: number;
  /** The place that is read. */
  readonly archive: string;
  /** The fingerprint of the definitions. */
  readonly catalog: string;
}

/** What a file is begun for, as a text: one with another text is begun anew. Holds whatever decides what is written. */
export function askedText({ metrics, from, to, step, extent }: Wanted, under: Under): string {
  const { account = null, fromDate = null, toDate = null } = extent;
  const { holdMs, personalData, partitions, archive, catalog } = under;
  const what = { metrics, from, to, step, account, fromDate, toDate };
  return JSON.stringify({ ...what, holdMs, personalData, partitions, archive, catalog, version: projectVersion() });
}
