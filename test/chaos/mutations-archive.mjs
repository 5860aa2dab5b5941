/** What keeps the archive exact: see mutations.mjs. */
export const ARCHIVE_MUTATIONS = [
  {
    name: 'archive: of a job that comes again only what is missing is written',
    file: 'libs/archive/src/writer.ts',
    find: 'number > reached',
    replace: 'number > 0',
    specs: ['libs/archive/src/writer.spec'],
  },
  {
    name: 'archive: what an overtaken writer publishes does not count',
    file: 'libs/archive/src/layout.ts',
    find: 'file.from <= other.to && other.from <= file.to',
    replace: 'file.from >= other.from && file.to <= other.to',
    specs: ['libs/archive/src/writer.spec', 'libs/archive/src/layout.spec'],
  },
  {
    name: 'archive: a row that a spool sends twice counts once',
    file: 'libs/archive/src/writer.ts',
    find: 'spooled || number <= before',
    replace: 'number <= before',
    specs: ['libs/archive/src/writer.spec'],
  },
  {
    name: 'archive: nothing is removed by a writer that was overtaken unawares',
    file: 'libs/archive/src/upkeep.ts',
    find: 'if (!(await tenure.confirm())) return false;',
    replace: '',
    specs: ['libs/archive/src/upkeep.spec'],
  },
  {
    name: 'archive: a list that is made while files become one is made twice',
    file: 'libs/archive/src/files.ts',
    find: 'times < 2',
    replace: 'times < 1',
    specs: ['libs/archive/src/reader.spec'],
  },
  {
    name: 'archive: files that are gone while they are read are looked for anew',
    file: 'libs/archive/src/reader.ts',
    find: 'if (tries === TRIES) throw error;',
    replace: 'throw error;',
    specs: ['libs/archive/src/reader.spec'],
  },
];
