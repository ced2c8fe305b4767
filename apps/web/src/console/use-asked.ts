import { useState } from 'preact/hooks';
import { type Loaded, useLoaded } from '../parts/use-loaded.js';
import { read } from './api.js';

/** What the API answered, or why not; and the way to ask again. */
export interface Asked<T> {
  readonly loaded: Loaded<T>;
  readonly again: () => void;
}

export function useAsked<T>(path: string): Asked<T> {
  const [turn, setTurn] = useState(0);
  const load = async () => ({ of: path, value: await read<T>(path) });
  const answer = useLoaded(load, [path, turn]);
  return {
    loaded: ofPath(answer, path),
    again: () => {
      setTurn(turn + 1);
    },
  };
}

/** The answer to an earlier question is none to this one. */
function ofPath<T>(
  answer: Loaded<{ readonly of: string; readonly value: T }>,
  path: string,
): Loaded<T> {
  if (answer.state !== 'there') return answer;
  return answer.value.of === path
    ? { state: 'there', value: answer.value.value }
    : { state: 'loading' };
}
