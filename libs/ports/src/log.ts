/** Facts beside a log line. Ids only: no personal data, no secret, no card or bank number. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Where a process says what it does. `libs/telemetry` writes JSON lines; tests stay silent. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields, cause?: unknown): void;
}

export class SilentLog implements Log {
  info(): void {
    /* nothing to hear */
  }
  warn(): void {
    /* nothing to hear */
  }
  error(): void {
    /* nothing to hear */
  }
}
