import { isUtf8 } from 'node:buffer';
import type {
  KeptQuarantineEntry,
  QuarantineStore,
  QuarantineSummary,
  ReplayOutcome,
  ReplayRequests,
  UnknownTypesStore,
} from '@app/state';
import { ProblemError, problemOf } from '../http/problem.js';
import type { QuarantineQuery } from './quarantine-query.js';

/** An entry as clients see it. */
export interface EntryView extends Omit<QuarantineSummary, 'at'> {
  /** When it was set aside (RFC 3339). */
  readonly at: string;
}

/** The same with its raw bytes. */
export interface WholeEntryView extends EntryView {
  readonly encoding: 'text' | 'base64';
  readonly raw: string;
}

/** Where the quarantine is. */
export interface QuarantineParts {
  readonly store: QuarantineStore;
  readonly unknown: UnknownTypesStore;
  readonly requests: ReplayRequests;
}

/** How many entries go to ingestion in one request. */
const AT_ONCE = 20;

/** What was set aside, for clients. An account, where one is named, sees and touches only what is its own. */
export class Quarantine {
  constructor(private readonly parts: QuarantineParts) {}

  async list({ filter, limit, after }: QuarantineQuery) {
    const { entries, next } = await this.parts.store.find(filter, after, limit);
    return { entries: entries.map(viewOf), next };
  }

  async one(id: string, account: string | null): Promise<WholeEntryView> {
    const entry = await this.parts.store.get(id);
    if (entry === null || (account !== null && entry.accountId !== account)) {
      throw new ProblemError(
        problemOf(404, { detail: 'There is no such entry: it was replayed or dropped, or had to go.' }),
      );
    }
    const raw = Buffer.from(entry.raw);
    const encoding = isUtf8(raw) ? 'text' : 'base64';
    return { ...viewOf(entry), encoding, raw: raw.toString(encoding === 'text' ? 'utf8' : 'base64') };
  }

  /** Has ingestion take entries in again; tells what became of each. */
  async replay(ids: readonly string[], account: string | null) {
    const own = await this.own(ids, account);
    const outcomes: ReplayOutcome[] = ids
      .filter((id) => !own.includes(id))
      .map((id) => ({ id, result: 'gone', detail: 'there is no such entry' }));
    for (let from = 0; from < own.length; from += AT_ONCE) {
      const answered = await this.parts.requests.ask(own.slice(from, from + AT_ONCE));
      if (answered === null) {
        const detail = 'No ingestion has answered: entries go in through a running, ready ingestion.';
        throw new ProblemError(problemOf(503, { detail }));
      }
      outcomes.push(...answered);
    }
    return { outcomes };
  }

  /** Takes entries out for good. */
  async drop(ids: readonly string[], account: string | null) {
    return { dropped: await this.parts.store.drop(await this.own(ids, account)) };
  }

  /** The unknown types and how many events of each came. */
  async unknownTypes() {
    const counts = [...(await this.parts.unknown.counts())];
    return { types: counts.sort(([, a], [, b]) => b - a).map(([type, events]) => ({ type, events })) };
  }

  private async own(ids: readonly string[], account: string | null): Promise<readonly string[]> {
    if (account === null) return ids;
    const entries = await Promise.all(ids.map((id) => this.parts.store.get(id)));
    return ids.filter((_, index) => entries[index]?.accountId === account);
  }
}

function viewOf(entry: QuarantineSummary | KeptQuarantineEntry): EntryView {
  const { id, at, source, accountId, reason, detail, rawBytes, keptBytes } = entry;
  return { id, at: new Date(at).toISOString(), source, accountId, reason, detail, rawBytes, keptBytes };
}
