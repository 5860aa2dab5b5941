import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { resolveSecret } from '@app/access';
import { type CredentialDeclaration, parseSimulator, type SimulatorDeclaration } from '@app/config';
import type { SubscriptionDeclaration } from '@app/config';
import { formatDiagnostic } from '@app/language';
import { EXIT, Failure, messageOf } from '../failure.js';
import { signature } from './signature.js';

/** The headers that show who sends a body. */
export type Signer = (body: string) => Readonly<Record<string, string>>;

/** To whom is sent, what, and in whose name. */
export interface Subscription {
  readonly name: string;
  readonly url: URL;
  readonly sign: Signer;
  /** The types that are sent; null for all. */
  readonly events: ReadonlySet<string> | null;
  /** PEM texts: the client certificate with its key, and the authorities that vouch for the endpoint. */
  readonly tls: { readonly cert?: string; readonly key?: string; readonly ca?: string };
}

/** What the command line alone subscribes: everything, signed with this key, or unsigned. */
export function onlySubscription(url: URL, key: string | null): Subscription {
  const sign: Signer = key === null ? () => ({}) : (body) => ({ 'x-liveperson-signature': signature(key, body) });
  return { name: 'simulator', url, sign, events: null, tls: {} };
}

/** Reads `simulator.yaml` with what it names. Throws a {@link Failure} that says everything that is wrong. */
export function loadSubscriptions(file: string, env: NodeJS.ProcessEnv): Subscription[] {
  const parsed = parseSimulator(file, read(file));
  if (!parsed.ok) throw new Failure(parsed.errors.map(formatDiagnostic).join('\n'), EXIT.problems);
  const { credentials, subscriptions } = parsed.value;
  return subscriptions.map((declared) => subscriptionOf(declared, { file, env, credentials }));
}

interface Place extends Pick<SimulatorDeclaration, 'credentials'> {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

function subscriptionOf(declared: SubscriptionDeclaration, place: Place): Subscription {
  const { name, endpoint, credential: used, events, mtls, ca } = declared;
  const credential = used === undefined ? undefined : place.credentials[used];
  const besides = (path: string): string => read(resolve(dirname(place.file), path));
  return {
    name,
    url: new URL(endpoint),
    sign: credential === undefined ? () => ({}) : signerOf(credential, secretOf(credential, place)),
    events: events === undefined ? null : new Set<string>(events),
    tls: {
      ...(mtls === undefined ? {} : { cert: besides(mtls.certificate), key: besides(mtls.key) }),
      ...(ca === undefined ? {} : { ca: besides(ca) }),
    },
  };
}

function signerOf(credential: CredentialDeclaration, secret: string): Signer {
  switch (credential.type) {
    case 'lp-signature': {
      const { header, clientId, algorithm, encoding = 'base64' } = credential;
      const who = clientId === undefined ? {} : { 'x-liveperson-client-id': clientId };
      return (body) => ({ ...who, [header]: signature(secret, body, { algorithm, encoding }) });
    }
    case 'api-key':
      return () => ({ [credential.header]: secret });
    case 'bearer':
      return () => ({ authorization: `Bearer ${secret}` });
  }
}

function secretOf(credential: CredentialDeclaration, { file, env }: Place): string {
  const secret = resolveSecret('token' in credential ? credential.token : credential.key, file, env);
  if (secret.kind === 'known') return secret.value;
  const what =
    secret.kind === 'unset'
      ? `the variable ${secret.name} is not set — set it`
      : `${secret.path} cannot be read — put the secret there`;
  throw new Failure(`${file}: a credential has no secret: ${what}`, EXIT.wrongUse);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${messageOf(error)}`, EXIT.wrongUse);
  }
}
