import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { JsonLog } from '@stuiver/telemetry';
import type { Log } from '@stuiver/ports';
import { EnvironmentProblem } from './environment.js';

/** A service that is wired and does not listen yet. */
export interface BuiltService {
  readonly app: NestFastifyApplication;
  /** After the last answer: connections to others. */
  close(): Promise<void>;
}

export interface ServiceProgram {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'info' | 'warn' | 'error' | 'silent';
  build(log: Log): Promise<BuiltService>;
}

const DRAIN_MS_MAX = 10_000;

/**
 * Runs one service until SIGTERM, SIGINT or the end of the process that started it, then lets running work finish. It
 * ends with 0; with 1 and one line when it cannot start, or when the drain takes too long.
 */
export async function runService(read: () => ServiceProgram): Promise<void> {
  const program = readOrExplain(read);
  const log = new JsonLog(program.logLevel);
  // From the first line on: a signal during the start is not lost.
  const ended = new Promise<void>((resolve) => {
    for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
      process.once(event, () => {
        resolve();
      });
    }
  });
  try {
    const service = await program.build(log);
    await service.app.listen(program.port, program.host);
    log.info('service listens', { service: program.name, port: program.port });
    await ended;
    const late = setTimeout(() => {
      explain(program.name, 'the drain took too long; what was committed is safe');
      process.exit(1);
    }, DRAIN_MS_MAX);
    await service.app.close();
    await service.close();
    clearTimeout(late);
    process.exit(0);
  } catch (error) {
    explain(program.name, error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

function readOrExplain(read: () => ServiceProgram): ServiceProgram {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvironmentProblem)) throw error;
    explain('service', error.message);
    return process.exit(1);
  }
}

function explain(name: string, text: string): void {
  process.stderr.write(`${name}: ${text}\n`);
}
