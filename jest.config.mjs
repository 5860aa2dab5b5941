const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@app/engine/store-contract$': '<rootDir>/libs/engine/src/store-contract.ts',
    '^@app/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
};

export default {
  coverageProvider: 'v8',
  // Properties and real servers take their time on a busy machine; nothing waits for this long when all is well.
  testTimeout: 240_000,
  globalSetup: '<rootDir>/test/support/provide-redis.mjs',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,test,config}/**/*.spec.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'] },
    // With a real Prometheus, which `npm test` does not ask for: npm run test:prometheus.
    { ...base, displayName: 'prometheus', testMatch: ['<rootDir>/test/prometheus/**/*.e2e-spec.ts'] },
    // With a real Chromium, which `npm test` does not ask for either: npm run test:browser.
    { ...base, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.e2e-spec.ts'] },
    // Makes the pictures of the docs anew: npm run screenshots.
    { ...base, displayName: 'screenshots', testMatch: ['<rootDir>/test/browser/**/*.shot-spec.ts'] },
  ],
};
