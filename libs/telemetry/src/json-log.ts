import { pino, type Logger } from 'pino';
import type { Log, LogFields } from '@stuiver/ports';

export type LogLevel = 'info' | 'warn' | 'error' | 'silent';

/** One JSON object a line on standard error, so standard output stays for people. */
export class JsonLog implements Log {
  private readonly logger: Logger;

  constructor(level: LogLevel) {
    this.logger = pino(
      { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest: 2, sync: true }),
    );
  }

  info(message: string, fields: LogFields = {}): void {
    this.logger.info(fields, message);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.logger.warn(fields, message);
  }

  error(message: string, fields: LogFields = {}, cause?: unknown): void {
    this.logger.error(cause === undefined ? fields : { ...fields, err: cause }, message);
  }
}
