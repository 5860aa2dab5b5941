/**
 * Who may ask: secrets and how they are compared, tokens and what they open, sessions of browsers, ranges of addresses;
 * and how files of such things are read anew. Knows nothing of HTTP frameworks, events, metrics or storage.
 */
export { AddressRanges } from './address-ranges.js';
export { FailedAttempts } from './failed-attempts.js';
export { FileWatch } from './file-watch.js';
export { type ListenerLimits, listenerOptions } from './listener.js';
export { type Digest, digestOf, sameSecret } from './secret.js';
export { SESSION_SECONDS, Sessions } from './sessions.js';
export { type Scope, SCOPES } from './token-schema.js';
export { TokenFile } from './token-file.js';
export { bearerOf, findToken, hashedToken, parseTokens, type Token } from './tokens.js';
export { type ResolvedSecret, resolveSecret } from './secret-reference.js';
