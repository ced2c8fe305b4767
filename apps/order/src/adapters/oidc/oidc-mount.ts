import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { EmbeddedProvider } from './embedded-provider.js';

/** Hands `/oidc/…` to the built-in provider before anything reads the request's body. */
export class OidcMount implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    private readonly provider: EmbeddedProvider | null,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const { provider } = this;
    if (provider === null) return;
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    server.addHook('onRequest', (request, reply, done) => {
      if (!provider.isMine(request.raw.url ?? '')) {
        done();
        return;
      }
      reply.hijack();
      provider.handle(request.raw, reply.raw);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.provider?.close();
  }
}
