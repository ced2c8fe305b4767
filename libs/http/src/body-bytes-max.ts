import { RouteConfig } from '@nestjs/platform-fastify';

const NAME = 'stuiverBodyBytesMax';

/** `@BodyBytesMax(bytes)` on a handler: its body may be larger than everyone's, such as a bank's file. */
export function BodyBytesMax(bytes: number): MethodDecorator {
  return RouteConfig({ [NAME]: bytes });
}

/** What a route's handler said; undefined when it said nothing. */
export function bodyBytesMaxOf(config: unknown): number | undefined {
  if (typeof config !== 'object' || config === null || !(NAME in config)) return undefined;
  const { [NAME]: bytes } = config;
  return typeof bytes === 'number' ? bytes : undefined;
}
