/**
 * The config folder as files: definitions of metrics with their tables and tests, and `sources.yaml`. Reads and checks,
 * and knows neither what runs with it nor any secret.
 */
export { bundleText, LARGEST_BUNDLE, readBundle } from './bundle.js';
export { compileFolder } from './compile-folder.js';
export { type ConfigFolder, readConfigFolder, type ReadFolder } from './config-folder.js';
export { folderSignature } from './folder-signature.js';
export type { DeclarationError } from './declarations.js';
export { parseSimulator, type SimulatorDeclaration } from './simulator/parse.js';
export type { SubscriptionDeclaration } from './simulator/schema.js';
export { type ParsedSources, parseSources } from './sources/parse.js';
export {
  type Algorithm,
  ALGORITHMS,
  type CredentialDeclaration,
  type SignatureDeclaration,
  type SourceDeclaration,
} from './sources/schema.js';
