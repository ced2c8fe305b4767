import {
  Controller,
  Get,
  Header,
  HttpException,
  Inject,
  Module,
  type DynamicModule,
} from '@nestjs/common';

export interface HealthChecks {
  /** Rejects when orders cannot be taken now. */
  ready(): Promise<void>;
  /** Prometheus text exposition. */
  readonly metrics: { text(): Promise<string> };
}

const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');
const NOT_READY = 503;

@Controller()
class HealthController {
  constructor(@Inject(HEALTH_CHECKS) private readonly checks: HealthChecks) {}

  @Get('health/live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('health/ready')
  async ready(): Promise<{ status: 'ready' }> {
    try {
      await this.checks.ready();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HttpException({ status: 'not-ready', reason }, NOT_READY);
    }
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.checks.metrics.text();
  }
}

/** `/health/live`, `/health/ready` and `/metrics`, of every process that serves. */
@Module({})
export class HealthModule {
  static with(checks: HealthChecks): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: HEALTH_CHECKS, useValue: checks }],
    };
  }
}
