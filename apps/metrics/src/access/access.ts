import type { Scope } from '@app/access';
import type { FastifyRequest } from 'fastify';

/** What a request may see. */
export interface Access {
  /** The name of its token; null where none is asked for. */
  readonly name: string | null;
  /** The accounts that it may see; null for all. */
  readonly accounts: ReadonlySet<string> | null;
  readonly scopes: ReadonlySet<Scope>;
}

interface Grant {
  readonly access: Access;
  readonly again: () => Access | null;
}

const granted = new WeakMap<object, Grant>();

/** Notes what the guard has found, and how it finds it again later. */
export function grant(request: FastifyRequest, access: Access, again: () => Access | null): void {
  granted.set(request.raw, { access, again });
}

/** What the request may see. A request that has not passed the guard sees nothing. */
export function accessOf(request: FastifyRequest): Access {
  return granted.get(request.raw)?.access ?? NOTHING;
}

/** What a request that lasts may see by now; null once its token or session is gone. */
export function accessAgain(request: FastifyRequest): Access | null {
  return granted.get(request.raw)?.again() ?? null;
}

const NOTHING: Access = { name: null, accounts: new Set(), scopes: new Set() };
