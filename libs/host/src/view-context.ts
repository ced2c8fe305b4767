import type { OpenedSheet } from './checkout-api.js';
import type { Language } from './money.js';

/** What is shown, and in whose language. */
export interface ViewContext {
  readonly sheet: OpenedSheet;
  readonly language: Language;
}
