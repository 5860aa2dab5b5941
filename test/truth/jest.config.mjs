import config from '../chaos/jest.config.mjs';

// On its own, as it takes as long as it is told.
export default { ...config, testMatch: ['<rootDir>/test/truth/*.truth-spec.ts'] };
