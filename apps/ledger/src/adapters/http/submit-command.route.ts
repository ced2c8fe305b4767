import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { LedgerPort } from '@stuiver/contracts';
import { parseJsonObject, rawBodyOf } from '@stuiver/http';
import { toCommand } from './command-body.js';
import { LedgerCallerGuard, needMay } from './ledger-callers.js';
import { LEDGER_PORT } from './ledger-port.controller.js';
import { orBusy } from './or-busy.js';

/**
 * `POST /internal/ledger/commands`, on the server itself: every payment comes this way one by one, and Nest's pipeline
 * around a handler costs a tenth of what booking costs.
 */
@Injectable()
export class SubmitCommandRoute implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(LedgerCallerGuard) private readonly callers: LedgerCallerGuard,
    @Inject(LEDGER_PORT) private readonly ledger: LedgerPort,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.post('/internal/ledger/commands', (request, reply) => {
      this.callers.admit(request);
      const command = toCommand(parseJsonObject(rawBodyOf(request)));
      needMay(request, { submit: command });
      return orBusy(reply, () => this.ledger.submit(command));
    });
  }
}
