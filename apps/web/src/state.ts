import { CheckoutApi, type Language } from '@stuiver/host';
import { computed, signal } from '@preact/signals';
import { WORDS } from './words.js';

export interface User {
  readonly user_id: string;
  readonly name: string | null;
  readonly guest: boolean;
  readonly has_pin: boolean;
}

export interface Session {
  readonly user: User;
  readonly sandbox: boolean;
  /** What a wallet has here. */
  readonly offers: { readonly balance: boolean };
  readonly demo_payers?: readonly { readonly name: string; readonly user_id: string }[];
}

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const api = new CheckoutApi();

const LANGUAGE = 'stuiver.language';
const THEME = 'stuiver.theme';
const PROGRAM = 'stuiver.program';

function firstLanguage(): Language {
  const chosen = localStorage.getItem(LANGUAGE);
  if (chosen === 'nl' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('nl') ? 'nl' : 'en';
}

export const language = signal<Language>(firstLanguage());
export const words = computed(() => WORDS[language.value]);

export function chooseLanguage(next: Language): void {
  localStorage.setItem(LANGUAGE, next);
  language.value = next;
}

export const theme = signal<Theme>(
  THEMES.find((known) => known === localStorage.getItem(THEME)) ?? 'auto',
);

export function chooseTheme(next: Theme): void {
  localStorage.setItem(THEME, next);
  theme.value = next;
}

/** Undefined while it is being asked for. */
export const session = signal<Session | undefined>(undefined);
export const sessionFailed = signal(false);
/** Where we are: path and query. */
export const place = signal(location.pathname + location.search);

/** Nobody signs up before the first payment: a newcomer is a guest, silently. */
export async function ensureSession(): Promise<void> {
  try {
    await api.post('/wallet/session/guest', {});
    session.value = (await api.get('/wallet/session')) as Session;
    sessionFailed.value = false;
  } catch {
    sessionFailed.value = true;
  }
}

export function go(path: string): void {
  history.pushState(null, '', path);
  place.value = path;
  window.scrollTo(0, 0);
}

window.addEventListener('popstate', () => {
  place.value = location.pathname + location.search;
});

/** Where a payer who comes back from the bank in this very window goes on. */
export function rememberProgram(path: string): void {
  localStorage.setItem(PROGRAM, path);
}

export function lastProgram(): string | undefined {
  const path = localStorage.getItem(PROGRAM);
  return path?.startsWith('/m/') === true ? path : undefined;
}
