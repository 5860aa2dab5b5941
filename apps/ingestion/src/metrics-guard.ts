import { bearerOf, findToken, type TokenFile } from '@app/access';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.js';

/**
 * Ingestion listens where senders reach it, and its own figures tell of all accounts: where there is a file of tokens,
 * `/metrics` asks for one of all accounts with the scope `metrics`.
 */
export function guardMetrics(fastify: FastifyInstance, tokens: TokenFile): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== '/metrics') return done();
    const token = findToken(tokens.current, bearerOf(request.headers.authorization) ?? '');
    if (token === null) sendProblem(reply.header('www-authenticate', 'Bearer realm="livemeter"'), 401);
    else if (token.accounts !== null || !token.scopes.has('metrics')) sendProblem(reply, 403);
    else done();
  });
}
