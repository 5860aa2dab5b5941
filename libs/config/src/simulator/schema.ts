import { z } from 'zod';
import { EVENT_TYPES } from '@app/event';
import { credential, keysOfCredential } from '../sources/schema.js';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'a name is letters, digits, "-" and "_", at most 64');

const path = z.string('the path of a PEM file').min(1);

const mtls = z.strictObject({
  certificate: path.describe('The client certificate, PEM, relative to this folder.'),
  key: path.describe('Its private key, PEM, relative to this folder.'),
});

const subscription = z.strictObject({
  name: name.describe('Its id on the wire follows from it.'),
  endpoint: z.url({ protocol: /^https?$/, error: 'an address such as https://host/v1/events/liveperson' }),
  credential: name.optional().describe('One of the credentials above; not given: nothing is sent beside the body.'),
  events: z
    .array(z.enum(EVENT_TYPES, `one of ${EVENT_TYPES.join(', ')}`))
    .min(1, 'an empty list would send nothing — leave the key out to send all types')
    .optional()
    .describe('The types that are sent; not given: all.'),
  mtls: mtls.optional().describe('The certificate that is shown to the endpoint; not given: none.'),
  ca: path.optional().describe('The authorities that vouch for the endpoint, PEM; not given: those of the machine.'),
});

const MOST_SUBSCRIPTIONS = 50;

/** What stands in `config/simulator.yaml`: to whom the simulated Data Transporter sends, what, and in whose name. */
export const simulatorSchema = z
  .strictObject({
    credentials: z.record(name, credential).default({}).describe('By the name that subscriptions use.'),
    subscriptions: z.array(subscription).min(1, 'at least one subscription is wanted').max(MOST_SUBSCRIPTIONS),
  })
  .superRefine(({ credentials, subscriptions }, context) => {
    const seen = new Set<string>();
    for (const [index, { name: own, credential: used }] of subscriptions.entries()) {
      const at = (key: string): PropertyKey[] => ['subscriptions', index, key];
      if (seen.has(own))
        context.addIssue({ code: 'custom', path: at('name'), message: 'two have this name — give each its own' });
      seen.add(own);
      if (used === undefined || used in credentials) continue;
      const message = `no credential has this name — declare it under credentials`;
      context.addIssue({ code: 'custom', path: at('credential'), message });
    }
  });

export type SubscriptionDeclaration = z.output<typeof subscription>;

/** The keys that may stand in the mapping at `path`; `type` is that of the credential there. */
export function knownKeys(at: readonly PropertyKey[], type: unknown): readonly string[] {
  if (at.length === 0) return ['credentials', 'subscriptions'];
  if (at[0] === 'credentials') return keysOfCredential(type);
  return Object.keys(at[2] === 'mtls' ? mtls.shape : subscription.shape);
}
