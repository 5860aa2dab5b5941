import { account, jsonOf, type Operation, path, query, READ, text } from './operation.js';

const time = { type: 'string', format: 'date-time' };

const entry = path('id', 'The id of the entry, as the list tells it');

const IDS = { schema: 'EntryIds', example: '{"ids":["1764108000000-0"]}' } as const;

const filters = [
  query('reason', 'Only entries that were set aside for this reason', text),
  query('source', 'Only entries that came in at this source', text),
  query('from', 'Only entries that were set aside at or after this time', time),
  query('to', 'Only entries that were set aside before this time', time),
  query('limit', 'How many there are on a page (100 if not given)', { type: 'integer', minimum: 1, maximum: 1_000 }),
  query('cursor', '`next` of the reply before', text),
];

const ofAccount = query('account', 'Only entries of this account', text);

type Part = Omit<Operation, 'tag' | 'examples'> & { readonly example?: string };

/** The same for all accounts and for one; of which a token needs the scope `quarantine`. */
function both({ example = '', ...part }: Part): Operation[] {
  const { id, parameters } = part;
  const own = parameters.filter((parameter) => parameter !== ofAccount);
  return [
    {
      ...part,
      tag: 'Quarantine',
      path: `/v1/quarantine${part.path}`,
      examples: [`/v1/quarantine${part.path}${example}`],
    },
    {
      ...part,
      tag: 'Quarantine',
      id: `${id}OfAccount`,
      path: `/v1/accounts/{account}/quarantine${part.path}`,
      summary: part.summary.replace(/\.$/, ', of one account.'),
      parameters: [account, ...own],
      examples: [`/v1/accounts/84731/quarantine${part.path}${example}`],
    },
  ].map(
    (one) => ({ ...one, examples: one.examples.map((text) => text.replace('{id}', '1764108000000-0')) }) as Operation,
  );
}

/** What was set aside: to be seen, to be taken in again, to be dropped. */
export const QUARANTINE_OPERATIONS: readonly Operation[] = [
  ...both({
    id: 'listQuarantine',
    path: '',
    summary: 'What was set aside, the oldest first.',
    description: 'With tokens it takes the scope `quarantine`; all accounts together only a token of all accounts.',
    parameters: [ofAccount, ...filters],
    reply: jsonOf('QuarantineList'),
    problems: [400, ...READ],
    example: '?reason=bad-json&limit=10',
  }),
  {
    id: 'listUnknownTypes',
    tag: 'Quarantine',
    path: '/v1/quarantine/types',
    summary: 'The types of events that this version does not know, and how many came.',
    parameters: [],
    reply: jsonOf('UnknownTypes'),
    problems: READ,
    examples: ['/v1/quarantine/types'],
  },
  ...both({
    id: 'getQuarantined',
    path: '/{id}',
    summary: 'One entry with its raw bytes.',
    parameters: [entry],
    reply: jsonOf('QuarantineEntry'),
    problems: [404, ...READ],
  }),
  ...both({
    id: 'replayQuarantined',
    path: '/replay',
    body: IDS,
    summary: 'Takes entries in again, through a running ingestion.',
    description: 'An entry goes only when it is safely queued; one that was taken in before counts as a duplicate.',
    parameters: [],
    reply: jsonOf('ReplayOutcomes'),
    problems: [400, ...READ],
  }),
  ...both({
    id: 'dropQuarantined',
    path: '/drop',
    body: IDS,
    summary: 'Takes entries out for good.',
    parameters: [],
    reply: jsonOf('Dropped'),
    problems: [400, ...READ],
  }),
];
