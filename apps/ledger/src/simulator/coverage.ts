/** What a run produced, counted by name. */
export class Coverage {
  private readonly counts = new Map<string, number>();

  count(...what: readonly string[]): void {
    for (const name of what) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  add(other: ReadonlyMap<string, number>): void {
    for (const [name, count] of other) this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  get all(): ReadonlyMap<string, number> {
    return new Map([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
