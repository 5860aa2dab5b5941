import { describe, expect, it } from '@jest/globals';
import { signature } from './signature.js';

/** The body that LivePerson's own demo app publishes with its key (reference: liveperson.md §1.2). */
const PUBLISHED =
  '{"kind":"notification","body":{"changes":[{"originatorId":"2969e404f3be1c8cdda63f0b72d205ab5afb3fe3e3d7d72ab58245f564fdfd91",' +
  '"originatorMetadata":{"id":"2969e404f3be1c8cdda63f0b72d205ab5afb3fe3e3d7d72ab58245f564fdfd91","role":"CONSUMER"},' +
  '"event":{"type":"ChatStateEvent","chatState":"PAUSE"},"conversationId":"b8b83fe9-75f0-46f2-baaa-2930f7192cfb",' +
  '"dialogId":"b8b83fe9-75f0-46f2-baaa-2930f7192cfb"}]},"type":"ms.MessagingEventNotification"}';

const OURS =
  '{"commonHeader":{"accountId":"12345678","uid":"u-1","schemaVersion":"1-0-0","eventTimestamp":1717200000000,' +
  '"eventType":"messageConsumerEvent","webhookSubscriptionId":"sub-1"},"data":{"convDetails":{"convId":"c-1"}}}';

describe('signature', () => {
  it.each([
    {
      name: 'the published body and key',
      key: 'rl9hacst6kqilbofup64n11ga3',
      body: PUBLISHED,
      want: 'sha256=PH84lxXVcKluSQQ3Fy8oaaZe1vDHZ3JZMNEQoQjUjsU=',
    },
    {
      name: 'a body of the Data Transporter',
      key: 'test-secret',
      body: OURS,
      want: 'sha256=f0eNrbZso9tj1UFdTt1C1nCcUzSSGpda1ZTAlNVLdsg=',
    },
  ])('signs as LivePerson does: $name', ({ key, body, want }) => {
    expect(signature(key, body)).toBe(want);
  });
});
