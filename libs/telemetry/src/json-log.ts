import { type DestinationStream, type Logger, pino } from 'pino';
import { currentTrace, type Log, type LogFields, traceIdOf } from '@stuiver/ports';
import { safeError } from './safe-error.js';
import { safeFields, safeText } from './safe-fields.js';

export type LogLevel = 'info' | 'warn' | 'error' | 'silent';

/**
 * One JSON object a line on standard error, so standard output stays for people. Every line that is written inside a
 * request or while an event is handled names both; none carries personal data or a secret, whoever forgets.
 */
export class JsonLog implements Log {
  private readonly logger: Logger;

  /** @param to where the lines go: standard error, at once, so the last line before a death is there. */
  constructor(level: LogLevel, to: DestinationStream = pino.destination({ dest: 2, sync: true })) {
    this.logger = pino(
      { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, mixin: traceFields },
      to,
    );
  }

  info(message: string, fields: LogFields = {}): void {
    if (this.logger.isLevelEnabled('info')) this.logger.info(safeFields(fields), safeText(message));
  }

  warn(message: string, fields: LogFields = {}): void {
    this.logger.warn(safeFields(fields), safeText(message));
  }

  error(message: string, fields: LogFields = {}, cause?: unknown): void {
    const told = cause === undefined ? {} : { error: safeError(cause) };
    this.logger.error({ ...safeFields(fields), ...told }, safeText(message));
  }
}

function traceFields(): Record<string, string> {
  const trace = currentTrace();
  if (trace === undefined) return {};
  const traceId = traceIdOf(trace.traceparent);
  return {
    ...(trace.requestId === null ? {} : { request_id: safeText(trace.requestId) }),
    ...(traceId === null ? {} : { trace_id: traceId }),
  };
}
