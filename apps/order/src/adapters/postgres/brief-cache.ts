import type { Clock } from '@stuiver/ports';

/** How long a change made elsewhere, such as a revoked certificate, may stay unnoticed here. */
const LIFE_MS = 5_000;
const ENTRIES_MAX = 10_000;

/** Remembers for a few seconds what every request asks. Absence is never remembered. */
export class BriefCache<Value> {
  private readonly entries = new Map<string, { value: Value; until: number }>();

  constructor(private readonly clock: Clock) {}

  async get(key: string, read: () => Promise<Value | null>): Promise<Value | null> {
    const now = this.clock.now().getTime();
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.until > now) return entry.value;
    const value = await read();
    this.entries.delete(key);
    if (value === null) return null;
    if (this.entries.size >= ENTRIES_MAX) this.entries.clear();
    this.entries.set(key, { value, until: now + LIFE_MS });
    return value;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }
}
