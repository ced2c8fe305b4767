/** One page of a list, newest first. `next` is the `before` of the following page; null on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Every answer that is not 2xx. */
export interface Problem {
  readonly code: string;
  /** In English, for logs and the command line; a page has words of its own for `code` and `facts.why`. */
  readonly message: string;
  readonly facts?: Readonly<Record<string, string>>;
}
