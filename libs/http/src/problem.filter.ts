import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import type { Log } from '@stuiver/ports';
import { shorten } from './strict-json.js';
import { type ApiSurface, surfaceOf } from './surface.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Keeps which refusal an answer is, until its headers are written. */
const refusalsOfReplies = new WeakMap<FastifyReply, Refusal>();

export function refusalOf(reply: FastifyReply): Refusal | null {
  return refusalsOfReplies.get(reply) ?? null;
}

/** Turns every error into the answer of the surface it happened under. What is not a refusal is ours: 500, logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly surfaces: readonly ApiSurface[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const text = this.word(error, request, reply);
    if (!reply.sent) void reply.send(text);
  }

  /** Sets the status and the type; the returned body is still to be sent. */
  word(error: unknown, request: FastifyRequest, reply: FastifyReply): string {
    const refusal = toRefusal(error, request);
    if (refusal.status >= 500) this.tellOperator(error, refusal, request);
    refusalsOfReplies.set(reply, refusal);
    if (!reply.sent) void reply.status(refusal.status).type(JSON_TYPE);
    return JSON.stringify(surfaceOf(this.surfaces, request.raw.url).problem(refusal, request.raw));
  }

  private tellOperator(error: unknown, refusal: Refusal, request: FastifyRequest): void {
    const route = request.routeOptions.url ?? 'none';
    const fields = { request_id: request.id, method: request.method, route, code: refusal.code };
    if (error instanceof Refusal) this.log.warn('request could not be served', fields);
    else this.log.error('request failed', fields, error);
  }
}

function toRefusal(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  const status = statusOf(error);
  if (status === 404)
    return new Refusal('NOT_FOUND', { method: request.method, path: pathOf(request) });
  if (status === 413) return tooLarge(request.routeOptions.bodyLimit);
  if (status !== null && status >= 400 && status < 500) {
    const rule = error instanceof Error ? shorten(error.message) : 'is not valid HTTP';
    return new Refusal('PARAM_ERROR', { field: 'request', rule, value: '', location: 'request' });
  }
  if (status === 503) return new Refusal('SERVICE_UNAVAILABLE', {}, { cause: error });
  return new Refusal('SYSTEM_ERROR', { request_id: request.id }, { cause: error });
}

function tooLarge(bytesMax = BODY_BYTES_MAX): Refusal {
  return new Refusal('BODY_TOO_LARGE', {
    field: 'body',
    rule: `is limited to ${String(bytesMax)} bytes`,
  });
}

function pathOf(request: FastifyRequest): string {
  return shorten((request.raw.url ?? '').split('?', 1)[0] ?? '');
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return null;
}

/** The largest v3 body is an order with 6000 bytes of detail; PSP webhooks stay under this as well. */
export const BODY_BYTES_MAX = 256 * 1024;
