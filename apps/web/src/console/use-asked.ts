import { useState } from 'preact/hooks';
import { type Loaded, useLoaded } from '../parts/use-loaded.js';
import { read } from './api.js';

/** What the API answered, or why not; and the way to ask again. */
export interface Asked<T> {
  readonly loaded: Loaded<T>;
  readonly again: () => void;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it types the answer
export function useAsked<T>(path: string): Asked<T> {
  const [turn, setTurn] = useState(0);
  const loaded = useLoaded(() => read<T>(path), [path, turn]);
  return {
    loaded,
    again: () => {
      setTurn(turn + 1);
    },
  };
}
