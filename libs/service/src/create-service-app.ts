import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ApiSurface, createHttpApp, HealthModule } from '@stuiver/http';
import type { Log, Random } from '@stuiver/ports';
import type { Metrics } from '@stuiver/telemetry';
import { moduleOf } from './module-of.js';

export interface ServiceAppOptions {
  readonly modules: readonly DynamicModule[];
  readonly metrics: Metrics;
  /** Rejects when the service cannot do its work now. */
  readonly ready: () => Promise<void>;
  readonly log: Log;
  readonly random: Random;
  readonly surfaces?: readonly ApiSurface[];
  /** Our own proxy stands before it and tells whom it speaks for. */
  readonly behindProxy: boolean;
}

/** The HTTP side of a process: its modules, its health, and every answer measured. */
export function createServiceApp(options: ServiceAppOptions): Promise<NestFastifyApplication> {
  const { modules, metrics, ready, ...http } = options;
  const health = HealthModule.with({ metrics, ready });
  return createHttpApp(moduleOf([...modules, health]), {
    ...http,
    onAnswered: (answered) => {
      metrics.observeRequest(answered);
    },
  });
}
