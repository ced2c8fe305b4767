export { createHttpApp, type HttpAppOptions } from './create-http-app.js';
export { type ApiSurface, type Answer } from './surface.js';
export { ValidBody, ValidQuery, RawBody, rawBodyOf } from './valid.js';
export { validate, validText, type DtoClass, type ParameterLocation } from './validate.js';
export { parseJsonObject, isStorableText, shorten } from './strict-json.js';
export { OperatorGuard, OPERATOR_TOKEN, isSameSecret } from './operator.guard.js';
export { messageOf } from './prose.js';
export { BODY_BYTES_MAX } from './problem.filter.js';
export { HealthModule, type HealthChecks } from './health.js';
