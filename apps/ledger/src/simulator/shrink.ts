/**
 * The shortest story, by leaving out ever smaller parts, that still fails.
 *
 * @param fails  undefined when it does not.
 */
export async function shrink<T>(
  story: readonly T[],
  fails: (story: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let shortest = story;
  for (
    let size = Math.ceil(story.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let from = 0; from < shortest.length;) {
      const without = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      if (await fails(without)) shortest = without;
      else from += size;
    }
  }
  return shortest;
}
