import { words } from '../state.js';

/** Seen only when it takes longer than a moment. */
export function Loading() {
  return <p class="late">{words.value.loading}</p>;
}
