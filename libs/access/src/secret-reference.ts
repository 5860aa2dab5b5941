import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** What a reference comes to: the secret, or the variable that is not set, or the file that cannot be read. */
export type ResolvedSecret =
  | { readonly kind: 'known'; readonly value: string }
  | { readonly kind: 'unset'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly path: string };

/** The secret that `${env:NAME}` or `${file:path}` in `file` names; a path is relative to that file's folder. */
export function resolveSecret(
  reference: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): ResolvedSecret {
  const target = reference.slice(reference.indexOf(':') + 1, -1);
  if (reference.startsWith('${env:')) {
    const value = env[target];
    return value === undefined || value === '' ? { kind: 'unset', name: target } : { kind: 'known', value };
  }
  const path = isAbsolute(target) ? target : join(dirname(file), target);
  // An editor ends a file with a line break, which is no part of the secret.
  const value = read(path)?.replace(/\r?\n$/, '') ?? '';
  return value === '' ? { kind: 'unreadable', path } : { kind: 'known', value };
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
