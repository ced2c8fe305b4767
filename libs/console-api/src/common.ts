/** One page of a list, newest first. `next` is the `before` of the following page; null on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Every answer that is not 2xx. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}
