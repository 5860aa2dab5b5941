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

const granted = new WeakMap<object, Access>();

/** Notes what the guard has found. */
export function grant(request: FastifyRequest, access: Access): void {
  granted.set(request.raw, access);
}

/** What the request may see. A request that has not passed the guard sees nothing. */
export function accessOf(request: FastifyRequest): Access {
  return granted.get(request.raw) ?? NOTHING;
}

const NOTHING: Access = { name: null, accounts: new Set(), scopes: new Set() };
