export interface Shrinking<T> {
  readonly fails: (story: readonly T[]) => Promise<boolean>;
  /** Two neighbours as one line that does the same; undefined when there is none. */
  readonly joined: (first: T, second: T) => T | undefined;
}

/** A story that still fails, of which no line can be left out and no two neighbours be joined. */
export async function shrink<T>(
  story: readonly T[],
  { fails, joined }: Shrinking<T>,
): Promise<readonly T[]> {
  let shortest = story;
  for (let size = Math.ceil(story.length / 2); size > 1; size = Math.ceil(size / 2)) {
    shortest = await leaveOut(shortest, size, fails);
  }
  for (;;) {
    const before = shortest.length;
    shortest = await leaveOut(shortest, 1, fails);
    shortest = await joinNeighbours(shortest, { fails, joined });
    // What one line needed may be gone now.
    if (shortest.length === before) return shortest;
  }
}

async function leaveOut<T>(
  story: readonly T[],
  size: number,
  fails: Shrinking<T>['fails'],
): Promise<readonly T[]> {
  let shortest = story;
  for (let from = 0; from < shortest.length;) {
    const without = [...shortest.slice(0, from), ...shortest.slice(from + size)];
    if (await fails(without)) shortest = without;
    else from += size;
  }
  return shortest;
}

async function joinNeighbours<T>(
  story: readonly T[],
  { fails, joined }: Shrinking<T>,
): Promise<readonly T[]> {
  let shortest = story;
  for (let place = 0; place + 1 < shortest.length;) {
    const [first, second] = shortest.slice(place, place + 2) as [T, T];
    const one = joined(first, second);
    const shorter = one === undefined ? undefined : shortest.toSpliced(place, 2, one);
    if (shorter !== undefined && (await fails(shorter))) shortest = shorter;
    else place += 1;
  }
  return shortest;
}
