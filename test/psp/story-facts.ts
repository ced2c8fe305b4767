/** Named facts of an answer, by the API's own names. */
export type Facts = Readonly<Record<string, unknown>>;

/** Puts what was kept where `$name` stands. */
export function filledIn(value: unknown, kept: Facts): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? kept[value.slice(1)] : value;
  if (Array.isArray(value)) return value.map((one) => filledIn(one, kept));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, kept)]));
}

export function keepFrom(
  facts: Facts,
  keep: Readonly<Record<string, string>>,
  kept: Record<string, unknown>,
): void {
  for (const [name, path] of Object.entries(keep)) kept[name] = at(facts, path);
}

/** `~` begins a pattern; null is what is absent or empty; a text is also an object with that id. */
export function objectionsTo(facts: Facts, expected: Facts, kept: Facts): readonly string[] {
  return Object.entries(expected).flatMap(([path, value]) => {
    const wanted = filledIn(value, kept);
    const found = at(facts, path);
    if (fits(found, wanted)) return [];
    return [`${path} is ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`];
  });
}

function fits(found: unknown, wanted: unknown): boolean {
  if (wanted === null) return found === undefined || found === null || found === '';
  if (typeof wanted !== 'string') return JSON.stringify(found) === JSON.stringify(wanted);
  const text = textOf(found);
  return wanted.startsWith('~') ? new RegExp(wanted.slice(1)).test(text) : text === wanted;
}

function textOf(found: unknown): string {
  if (typeof found === 'object' && found !== null && 'id' in found) return String(found.id);
  return String(found);
}

/** `answer.request-id` and `data.0.amount` alike. */
function at(facts: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Facts)[key] : undefined,
      facts,
    );
}
