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
  readonly demo_payers?: readonly { readonly name: string; readonly user_id: string }[];
}

export const api = new CheckoutApi();

const CHOSEN = 'stuiver.language';

function firstLanguage(): Language {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen === 'nl' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('nl') ? 'nl' : 'en';
}

export const language = signal<Language>(firstLanguage());
export const words = computed(() => WORDS[language.value]);

export function chooseLanguage(next: Language): void {
  localStorage.setItem(CHOSEN, next);
  language.value = next;
}

/** Undefined while it is being asked for. */
export const session = signal<Session | undefined>(undefined);
/** Where we are: path and query. */
export const place = signal(location.pathname + location.search);

/** Nobody signs up before the first payment: a newcomer is a guest, silently. */
export async function ensureSession(): Promise<void> {
  await api.post('/wallet/session/guest', {});
  session.value = (await api.get('/wallet/session')) as Session;
}

export function go(path: string): void {
  history.pushState(null, '', path);
  place.value = path;
  window.scrollTo(0, 0);
}

window.addEventListener('popstate', () => {
  place.value = location.pathname + location.search;
});
