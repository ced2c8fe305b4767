import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { parseJsonObject } from './strict-json.js';
import { validate, type DtoClass } from './validate.js';

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

/** The request's bytes exactly as they came: what signatures are made over. Empty when there is no body. */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/**
 * `@ValidBody(Class) body: Class` — the body as JSON, every rule of the class checked, unknown fields refused. Runs
 * after the guards, so an unsigned body is never parsed.
 */
export const ValidBody = createParamDecorator((dtoClass: DtoClass, context: ExecutionContext) => {
  const bytes = rawBodyOf(requestOf(context));
  if (bytes.length === 0) {
    throw new Refusal('PARAM_ERROR', {
      field: 'body',
      rule: 'is required: a JSON object',
      value: '',
      location: 'body',
    });
  }
  return validate(dtoClass, parseJsonObject(bytes), 'body');
});

/** `@ValidQuery(Class) query: Class` — the query string's parameters, checked like a body; all of them are text. */
export const ValidQuery = createParamDecorator((dtoClass: DtoClass, context: ExecutionContext) => {
  const query = requestOf(context).query as Record<string, unknown>;
  return validate(dtoClass, { ...query }, 'query');
});

/** `@RawBody() bytes: Buffer` — for webhooks, whose signature is over the bytes. */
export const RawBody = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  rawBodyOf(requestOf(context)),
);
