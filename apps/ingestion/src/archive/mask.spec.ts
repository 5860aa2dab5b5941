import { expect, it } from '@jest/globals';
import { maskIn } from './mask.js';

const NOTHING = { archiveDrop: [], archiveHash: [], archiveHashKey: null };

it.each([
  { given: {}, masks: false },
  { given: { archiveDrop: ['agentName'] }, masks: true },
  { given: { archiveHash: ['agentId', 'uid'], archiveHashKey: 'k' }, masks: true },
])('$given masks: $masks', ({ given, masks }) => {
  expect(maskIn({ ...NOTHING, ...given }) !== null).toBe(masks);
});

it.each([
  { given: { archiveHash: ['agentId'] }, want: 'LIVEMETER_ARCHIVE_HASH needs LIVEMETER_ARCHIVE_HASH_KEY' },
  { given: { archiveDrop: ['text', 'uid'] }, want: 'LIVEMETER_ARCHIVE_DROP=uid: the archive cannot do without' },
  { given: { archiveDrop: ['accountId'] }, want: 'LIVEMETER_ARCHIVE_DROP=accountId: the archive cannot do without' },
  {
    given: { archiveHash: ['accountId'], archiveHashKey: 'k' },
    want: 'LIVEMETER_ARCHIVE_HASH=accountId: the archive cannot do without',
  },
  { given: { archiveDrop: ['eventType'] }, want: 'LIVEMETER_ARCHIVE_DROP=eventType: the archive cannot do without' },
  {
    given: { archiveHash: ['eventTimestamp', 'commonHeader'], archiveHashKey: 'k' },
    want: 'LIVEMETER_ARCHIVE_HASH=commonHeader: the archive cannot do without',
  },
])('$given is refused', ({ given, want }) => {
  expect(() => maskIn({ ...NOTHING, ...given })).toThrow(want);
});
