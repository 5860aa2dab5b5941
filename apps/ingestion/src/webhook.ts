import type { IncomingMessage } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { FailedAttempts } from '@app/access';
import type { Clock } from '@app/queue';
import { OCCURRENCES, type Telemetry } from '@app/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type BodyReader, BodyRefused } from './body.js';
import { accountOf, type Delivery, sortDelivery } from './delivery.js';
import type { FairPace } from './fair-pace.js';
import type { Gate } from './gate.js';
import type { Intake } from './intake.js';
import type { Measures } from './measures.js';
import { sendProblem, statusOf } from './problem.js';
import type { OriginCheck } from './sources/origin.js';
import { authenticate, type Source } from './sources/sources.js';

/** What the route works with. */
export interface WebhookParts {
  readonly sources: Pick<ReadonlyMap<string, Source>, 'get'>;
  readonly mayCome: OriginCheck;
  readonly bodies: BodyReader;
  /** Who fails too often is answered 401 like anybody else, and loses its connection. */
  readonly failed: FailedAttempts;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly intake: Intake;
  readonly pace: FairPace;
  readonly recording: boolean;
  readonly personalData: boolean;
  readonly measures: Measures;
  readonly telemetry: Telemetry;
}

type WebhookRequest = FastifyRequest<{ Params: { source: string } }>;

const NO_BODY = Buffer.alloc(0);

/**
 * `POST /v1/events/:source`, as a plain Fastify route in a context of its own: this is the path that every event takes,
 * and what Nest wraps around a handler costs a noticeable part of it.
 */
export function webhookRoute(parts: WebhookParts): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
      parts.bodies.read(payload),
    );
    // Any Content-Type is welcome, those that Fastify finds malformed among them.
    instance.addHook('onRequest', (request, _reply, done) => {
      delete request.raw.headers['content-type'];
      done();
    });
    // Where a request comes from is looked at before its body is read.
    instance.addHook('onRequest', (request: WebhookRequest, reply, done) => {
      const source = parts.sources.get(request.params.source);
      if (source === undefined) return void answer(parts, reply, 404, 'there is no such source');
      const fault = parts.mayCome(source, request);
      if (fault !== null) return void unauthenticated(parts, source, fault, reply);
      if (source.rate?.take() === false) return void tooMany(parts, source, reply);
      done();
    });
    instance.setErrorHandler((error, _request, reply) => answerError(parts, error, reply));
    instance.post<{ Params: { source: string } }>('/v1/events/:source', (request, reply) =>
      receive(parts, request, reply),
    );
  };
}

/** One request, from its bytes to its reply. */
async function receive(parts: WebhookParts, request: WebhookRequest, reply: FastifyReply): Promise<FastifyReply> {
  const source = parts.sources.get(request.params.source);
  if (source === undefined) return answer(parts, reply, 404, 'there is no such source');
  const body = Buffer.isBuffer(request.body) ? request.body : NO_BODY;
  const { headers } = request.raw;
  const refusal = authenticate(source, headers, body);
  if (refusal !== null) return unauthenticated(parts, source, refusal, reply);
  const obstacle = parts.gate.refusing;
  if (obstacle !== null) return unavailable(parts, reply, obstacle);
  const { personalData, recording } = parts;
  const received = { source, headers, body, receivedAt: parts.clock.now(), recording, personalData };
  const delivery = sortDelivery(received);
  try {
    const { receivedAt } = received;
    await parts.intake.store({ source: source.name, accountId: accountOf(headers), receivedAt }, delivery);
  } catch (error) {
    return unavailable(parts, reply, 'storing', error);
  }
  count(parts, source, delivery);
  await inFairness(parts, delivery);
  parts.measures.request(200, reply.elapsedTime / 1_000);
  return reply.header('content-type', 'application/json; charset=utf-8').send(receiptOf(delivery));
}

/** Holds the reply back where its account takes more than its share; the events are stored already. */
async function inFairness({ pace, measures }: WebhookParts, { events }: Delivery): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const pause = pace.pauseFor(first.event.accountId, events.length);
  if (pause < 1) return;
  measures.pause();
  await after(pause);
}

/** Says nothing of why; the log does. */
function unauthenticated(parts: WebhookParts, source: Source, why: string, reply: FastifyReply): FastifyReply {
  const { ip, id } = reply.request;
  parts.telemetry.report(OCCURRENCES.authenticationFailed, { source: source.name }, { why, from: ip, request: id });
  if (parts.failed.tooMany(ip)) void reply.header('connection', 'close');
  return answer(parts, reply, 401);
}

/** More than `sources.yaml` lets this source send; whoever it is sends again later. */
function tooMany(parts: WebhookParts, source: Source, reply: FastifyReply): FastifyReply {
  parts.telemetry.report(OCCURRENCES.tooManyRequests, { source: source.name }, { from: reply.request.ip });
  return answer(parts, reply, 429, 'this source may not send so fast; send again later');
}

function receiptOf({ events, quarantined, unknown, withoutEntity }: Delivery): string {
  const ignored = unknown.length + withoutEntity;
  return `{"accepted":${events.length},"quarantined":${quarantined.length},"ignored":${ignored}}`;
}

/** Counts what has been stored, and only that: a refused delivery comes again. */
function count({ measures, telemetry }: WebhookParts, source: Source, delivery: Delivery): void {
  for (const { event, warnings } of delivery.events) {
    measures.event(event.type, 'accepted');
    for (const warning of warnings) {
      telemetry.report(OCCURRENCES.warnedEvent, { source: source.name, warning }, { uid: event.uid });
    }
  }
  for (const { reason, detail } of delivery.quarantined) {
    measures.event('', 'quarantined');
    telemetry.report(OCCURRENCES.quarantined, { source: source.name, reason }, { detail });
  }
  for (const { type } of delivery.unknown) {
    measures.event('', 'unknown_type');
    telemetry.report(OCCURRENCES.unknownType, { source: source.name, type });
  }
  for (let i = 0; i < delivery.withoutEntity; i += 1) measures.event('', 'no_entity');
}

function unavailable(parts: WebhookParts, reply: FastifyReply, reason: string, error?: unknown): FastifyReply {
  parts.telemetry.report(OCCURRENCES.refused, { reason }, error === undefined ? {} : { err: error });
  return answer(parts, reply, 503, 'events cannot be stored now; send again later');
}

function answer(parts: WebhookParts, reply: FastifyReply, status: number, detail?: string): FastifyReply {
  parts.measures.request(status, reply.elapsedTime / 1_000);
  return sendProblem(reply, status, detail);
}

/** A body that was not read, what Fastify refuses by itself, and what should not happen. */
function answerError(parts: WebhookParts, error: unknown, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  if (error instanceof BodyRefused) {
    if (status === 503) parts.telemetry.report(OCCURRENCES.refused, { reason: 'bodies' });
    // The rest of it is not to be read either.
    return answer(parts, reply.header('connection', 'close'), status, error.message);
  }
  if (status >= 500) parts.telemetry.report(OCCURRENCES.requestFailed, {}, { err: error });
  return answer(parts, reply, status);
}
