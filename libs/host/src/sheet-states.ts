/** Where the sheet is. */
export const SHEET_STATES = [
  'closed',
  'loading',
  'review',
  'confirming',
  'atBank',
  'ending',
  'paid',
  'failed',
] as const;
export type SheetState = (typeof SHEET_STATES)[number];

export const SHEET_EVENTS = [
  'open',
  'loaded',
  'adopted',
  'confirm',
  'refused',
  'redirected',
  'paid',
  'failed',
  'cancel',
  'again',
  'done',
] as const;
export type SheetEvent = (typeof SHEET_EVENTS)[number];

/**
 * Row: where the sheet is. Column: what happened. '=' stays, '!' is not offered there. After confirm there is no
 * cancel, and of ten taps on the button one confirms.
 */
// prettier-ignore
const NEXT = {
  closed:     { open: 'loading', loaded: '!',      adopted: '!',          confirm: '!',          refused: '!',      redirected: '!',      paid: '!',    failed: '!',      cancel: '!',      again: '!',       done: '=' },
  loading:    { open: '!',       loaded: 'review', adopted: 'confirming', confirm: '!',          refused: '!',      redirected: '!',      paid: '!',    failed: 'failed', cancel: 'ending', again: '!',       done: 'closed' },
  review:     { open: '!',       loaded: '!',      adopted: '!',          confirm: 'confirming', refused: '!',      redirected: '!',      paid: '!',    failed: 'failed', cancel: 'ending', again: '!',       done: 'closed' },
  confirming: { open: '!',       loaded: '!',      adopted: '!',          confirm: '!',          refused: 'review', redirected: 'atBank', paid: 'paid', failed: 'failed', cancel: '!',      again: '!',       done: 'closed' },
  atBank:     { open: '!',       loaded: '!',      adopted: '!',          confirm: '!',          refused: '!',      redirected: '=',      paid: 'paid', failed: 'failed', cancel: '!',      again: '!',       done: 'closed' },
  ending:     { open: '!',       loaded: '!',      adopted: '!',          confirm: '!',          refused: '!',      redirected: '!',      paid: 'paid', failed: 'failed', cancel: '=',      again: '!',       done: 'closed' },
  paid:       { open: '!',       loaded: '!',      adopted: '!',          confirm: '!',          refused: '!',      redirected: '!',      paid: '=',    failed: '!',      cancel: '!',      again: '!',       done: 'closed' },
  failed:     { open: '!',       loaded: '!',      adopted: '!',          confirm: '!',          refused: '!',      redirected: '!',      paid: '!',    failed: '=',      cancel: '!',      again: 'loading', done: 'closed' },
} as const satisfies Record<SheetState, Record<SheetEvent, SheetState | '=' | '!'>>;

/** @returns the next state, or undefined when the event is not possible there. */
export function nextState(state: SheetState, event: SheetEvent): SheetState | undefined {
  const next = NEXT[state][event];
  if (next === '!') return undefined;
  return next === '=' ? state : next;
}
