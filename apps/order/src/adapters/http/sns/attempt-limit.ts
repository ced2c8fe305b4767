import type { Clock } from '@stuiver/ports';

const WINDOW_MS = 60_000;
const FAILURES_MAX = 60;
const KEYS_MAX = 10_000;

/** Counts failures per key in the current minute, so that nobody tries secrets or codes by the thousand. */
export class AttemptLimit {
  private window = 0;
  private readonly failures = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  isReached(key: string): boolean {
    this.turnWindow();
    return (this.failures.get(key) ?? 0) >= FAILURES_MAX;
  }

  fail(key: string): void {
    this.turnWindow();
    if (this.failures.size >= KEYS_MAX) this.failures.clear();
    this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
  }

  private turnWindow(): void {
    const window = Math.floor(this.clock.now().getTime() / WINDOW_MS);
    if (window !== this.window) this.failures.clear();
    this.window = window;
  }
}
