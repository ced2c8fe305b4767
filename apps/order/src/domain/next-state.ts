/** What a cell of a state table says: the next state, '=' it stays (a repeat), '!' it is refused. */
export type Cell<State extends string> = State | '=' | '!';

export type StateTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Record<Event, Cell<State>>>>
>;

/** Reads one cell: the state afterwards, or null when the event is refused there. */
export function nextIn<State extends string, Event extends string>(
  table: StateTable<State, Event>,
  at: { state: State; event: Event },
): State | null {
  const cell: string = table[at.state][at.event];
  if (cell === '!') return null;
  // What is neither mark is a state: that is what a cell may hold.
  return cell === '=' ? at.state : (cell as State);
}
