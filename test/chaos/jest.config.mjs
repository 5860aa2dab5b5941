import config from '../../jest.config.mjs';

const { transform, moduleNameMapper, extensionsToTreatAsEsm } = config.projects[0];

// On its own, so that a system under fire does not fight with other tests for the machine.
export default {
  rootDir: '../..',
  testEnvironment: 'node',
  extensionsToTreatAsEsm,
  moduleNameMapper,
  transform,
  globalSetup: '<rootDir>/test/support/provide-redis.mjs',
  testMatch: ['<rootDir>/test/chaos/*.chaos-spec.ts'],
};
