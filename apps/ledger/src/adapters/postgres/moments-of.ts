interface Moments {
  readonly effectiveAt: Date;
  /** As the command's content has it. */
  readonly ownEffectiveAt: string | null;
  readonly bookedAt: Date;
}

/** The moments of a transfer as they are told: its own only where the books have another, since its month was closed. */
export function momentsOf(row: Moments): {
  effectiveAt: string;
  ownEffectiveAt: string | null;
  bookedAt: string;
} {
  const effectiveAt = row.effectiveAt.toISOString();
  const own = row.ownEffectiveAt;
  const isSame = own === null || new Date(own).getTime() === row.effectiveAt.getTime();
  return { effectiveAt, ownEffectiveAt: isSame ? null : own, bookedAt: row.bookedAt.toISOString() };
}
