import { z } from 'zod';

/** What the probes reply, declared once, as `rest/replies.ts` does for accounts. */

export const aliveReply = z.strictObject({ status: z.literal('alive') }).describe('The process is alive.');

const found = (meaning: string) => z.record(z.string(), z.string()).describe(meaning);

export const readyReply = z
  .strictObject({
    status: z.enum(['ready', 'not ready']),
    missing: found('What is missing, in words, by its name'),
    reduced: found('What is missing, but was said to be tolerable, or can be done without'),
  })
  .describe('Whether it can serve.');
