import { useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

/** Fetches when a dependency changes; a late answer to an earlier question is dropped. */
export function useLoaded<T>(load: () => Promise<T>, dependencies: readonly unknown[]): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => {
        if (wanted) setLoaded({ state: 'there', value });
      },
      (error: unknown) => {
        if (wanted) setLoaded({ state: 'failed', error });
      },
    );
    return () => {
      wanted = false;
    };
  }, [...dependencies]);
  return loaded;
}
