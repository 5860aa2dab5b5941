// Who may import whom. The table is the law (ARCHITECTURE.md); the rules are made from it. It is about what ships: a
// test of a lib may take what shows it best.

/** @type {Record<string, string[]>} Each lib, and the libs that it may import. */
const IMPORTS = {
  event: [],
  telemetry: [],
  access: ['telemetry'],
  archive: [],
  language: ['event'],
  config: ['event', 'language', 'telemetry'],
  engine: ['event', 'language'],
  redis: ['telemetry'],
  queue: ['event', 'redis', 'telemetry'],
  state: ['event', 'engine', 'redis', 'telemetry'],
  exposition: ['language', 'engine', 'telemetry'],
};

/** Libs that know no machine: no Node built-ins, no input or output, and only these packages. */
const PURE = ['event', 'language', 'engine'];
const PURE_PACKAGES = ['zod', 'yaml', '@marcbachmann/cel-js', 'csv-parse'];

const TESTS = '(\\.spec|\\.e2e-spec|-contract[a-z-]*)\\.ts$';
const packages = (names) => `^node_modules/(${names.join('|')})/`;

const importTable = Object.entries(IMPORTS).map(([lib, allowed]) => ({
  name: `libs/${lib}`,
  comment: `libs/${lib} may import ${allowed.length === 0 ? 'no other lib' : allowed.join(', ')}, and no app.`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: TESTS },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...importTable,
    {
      name: 'apps-apart',
      comment: 'An app imports libs, never another app.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'index-only',
      comment: 'A lib is entered by its index; tests may also take its contract suite.',
      severity: 'error',
      from: { path: '^(libs|apps|test)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/[^/]+/src/(index|store-contract)\\.ts$', '^$1/$2/'] },
    },
    {
      name: 'contract-in-tests',
      comment: 'Contract suites are for tests.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: '-contract[a-z-]*\\.ts$' },
    },
    {
      name: 'nest-in-apps',
      comment: 'Libs are plain functions and classes; Nest lives in apps.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: packages(['@nestjs', 'reflect-metadata', 'rxjs', 'fastify']) },
    },
    {
      name: 'pure-no-node',
      comment: 'The pure core knows no machine: time, text and state come in as arguments.',
      severity: 'error',
      from: { path: `^libs/(${PURE.join('|')})/`, pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-packages',
      comment: `The pure core uses no packages but ${PURE_PACKAGES.join(', ')}.`,
      severity: 'error',
      from: { path: `^libs/(${PURE.join('|')})/`, pathNot: TESTS },
      to: { path: '^node_modules/', pathNot: packages(PURE_PACKAGES) },
    },
    {
      name: 'no-circular',
      comment: 'No cycles, type imports counted.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-tests',
      comment: 'Nothing that ships imports a test or what supports tests.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { path: ['^test/', '\\.(e2e-)?spec\\.ts$'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What ships imports only what is installed with it.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
