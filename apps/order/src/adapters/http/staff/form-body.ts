import type { FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { isStorableText, rawBodyOf } from '@stuiver/http';

const FORM_BYTES_MAX = 8_192;

/** Fields of a form as a browser sends them. @throws Refusal PARAM_ERROR, BODY_TOO_LARGE */
export function formOf<Name extends string>(
  request: FastifyRequest,
  names: readonly Name[],
): Record<Name, string> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new Refusal('PARAM_ERROR', { field: 'Content-Type', rule: 'must be that of a form' });
  }
  const bytes = rawBodyOf(request);
  if (bytes.length > FORM_BYTES_MAX) throw new Refusal('BODY_TOO_LARGE');
  const form = new URLSearchParams(bytes.toString());
  const fields = names.map((name) => {
    const value = form.get(name) ?? '';
    if (isStorableText(value)) return [name, value] as const;
    throw new Refusal('PARAM_ERROR', { field: name, rule: 'must be plain text' });
  });
  return Object.fromEntries(fields) as Record<Name, string>;
}
