import { describe, expect, it } from '@jest/globals';
import { CommandLine } from '../../../../test/support/command-line.js';
import { refuseWithoutIdentity, warnOfMasked } from './masked.js';

const settings = (archiveDrop: readonly string[], archiveHash: readonly string[]) => ({
  archiveDrop: [...archiveDrop],
  archiveHash: [...archiveHash],
});

describe('a rebuild from an archive with masked fields', () => {
  it.each([
    { masked: settings(['agentId'], []), why: /lacks agentId: the state would be of other conversations or agents/ },
    { masked: settings([], ['convId', 'text']), why: /lacks convId: / },
    { masked: settings(['conversationId'], ['agentId']), why: /lacks conversationId, agentId: / },
    { masked: settings(['agentDetails'], []), why: /lacks agentDetails: / },
    { masked: settings([], ['uid']), why: /lacks uid: .* or count again what comes again/ },
  ])('of $masked is refused', ({ masked, why }) => {
    expect(() => refuseWithoutIdentity(masked)).toThrow(why);
  });

  it('of others is not, and is warned of', () => {
    const said: string[] = [];
    const masked = settings(['agentName'], ['text']);
    refuseWithoutIdentity(masked);
    warnOfMasked(masked, { err: (text) => void said.push(text) });
    warnOfMasked(settings([], []), { err: (text) => void said.push(text) });
    expect(said).toEqual([
      'warning: the archive has agentName, text dropped or hashed; what reads them gets other numbers than live',
    ]);
  });

  it('is refused by the command before it asks for anything else', async () => {
    const line = new CommandLine({ LIVEMETER_ARCHIVE_DROP: 'agentId' });
    const { code, err } = await line.run(['rebuild']);
    line.remove();
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('LIVEMETER_ARCHIVE_DROP or _HASH') });
  });
});
