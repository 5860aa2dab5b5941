import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** What changes although nothing has happened: how old a snapshot is, and for when metrics are told. */
const VOLATILE = /"snapshotAge":[\d.e+-]+|^\{"at":"[^"]*"/g;

/**
 * Gives every JSON reply of `/v1` a weak ETag, and answers 304 to a client that has the present state. Replies that differ
 * only in their age have the same one.
 */
export function serveEtags(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || reply.statusCode !== 200 || typeof payload !== 'string' || !request.url.startsWith('/v1/')) {
      done(null, payload);
      return;
    }
    const etag = etagOf(payload);
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (!isListed(etag, request.headers['if-none-match'])) {
      done(null, payload);
      return;
    }
    void reply.code(304).removeHeader('content-type');
    done(null, null);
  });
}

/** The tag of a JSON text; equal for texts that differ only in what is volatile. */
export function etagOf(json: string): string {
  return `W/"${createHash('sha1').update(withoutVolatile(json)).digest('base64url')}"`;
}

/** A JSON text of a reply without what changes although nothing has happened. */
export function withoutVolatile(json: string): string {
  return json.replace(VOLATILE, '');
}

/** Whether If-None-Match names the tag; by the weak comparison of RFC 9110. */
function isListed(etag: string, header: string | undefined): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag.slice(2));
}
