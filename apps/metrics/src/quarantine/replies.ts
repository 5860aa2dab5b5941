import { z } from 'zod';

/** What the quarantine replies, declared once, as `rest/replies.ts` does for accounts. */

const orNull = z.string().nullable();

const summary = {
  id: z.string().describe('Increasing in time'),
  at: z.string().meta({ format: 'date-time', description: 'When it was set aside (RFC 3339)' }),
  source: z.string().describe('Where it came in'),
  accountId: orNull.describe('Its account; null when that is not known'),
  reason: z.string().describe('Why it was set aside, as a code'),
  detail: z.string().describe('Why, in words'),
  rawBytes: z.number().describe('The length of what came in'),
  keptBytes: z.number().describe('How much of that is kept'),
};

export const quarantineListReply = z
  .strictObject({
    entries: z.array(z.strictObject(summary)),
    next: orNull.describe('The cursor of the next page; null at the end'),
  })
  .describe('A page of what was set aside.');

export const quarantineEntryReply = z
  .strictObject({
    ...summary,
    encoding: z.enum(['text', 'base64']).describe('How `raw` is written: base64 where it is no UTF-8'),
    raw: z.string().describe('The bytes as they came in'),
  })
  .describe('What was set aside, whole.');

export const unknownTypesReply = z
  .strictObject({
    types: z.array(
      z.strictObject({ type: z.string().describe('The type'), events: z.number().describe('How many events came') }),
    ),
  })
  .describe('Types of events that are not known.');

export const replayOutcomesReply = z
  .strictObject({
    outcomes: z.array(
      z.strictObject({
        id: z.string().describe('The entry'),
        result: z
          .enum(['queued', 'failed', 'gone'])
          .describe(
            'queued: it is taken in. failed: it stays, for the reason in `detail`. gone: there is no such entry',
          ),
        detail: z.string().describe('What came of it, in words'),
      }),
    ),
  })
  .describe('What became of each entry.');

export const droppedReply = z
  .strictObject({ dropped: z.number().describe('How many entries there were to drop') })
  .describe('What was dropped.');

export const entryIds = z
  .strictObject({ ids: z.array(z.string()).max(1_000).describe('Ids of entries') })
  .describe('The entries that are meant.');
