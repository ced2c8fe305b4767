import { CheckoutApi, type Language, money, type ShownAttempt } from '@stuiver/host';
import { loadPspScript, type StripeScript } from './psp-script.js';

/*
 * A payer types a card here, in fields of the PSP: what is typed goes from its frame to the PSP and never to us. The
 * sheet in the other window asks how it ended.
 */

interface Opened {
  readonly attempt: ShownAttempt;
  readonly secret: string | null;
  readonly publishable_key: string;
  readonly script_url: string;
  readonly return_url: string;
  readonly description: string;
  readonly amount: { readonly total_minor: string; readonly currency: string };
}

const WORDS = {
  nl: {
    title: 'Betalen met je kaart',
    pay: 'Betaal {amount}',
    paying: 'Bezig met betalen…',
    back: 'Terug zonder te betalen',
    leave: 'Terug',
    privacy:
      'Je kaartgegevens gaan rechtstreeks naar de betaaldienst. Wij en de winkel zien ze niet.',
    unknown: 'Deze betaling is hier niet te vinden. Ga terug en probeer het opnieuw.',
    offline: 'Geen verbinding. Er is niets afgeschreven. Laad de pagina opnieuw.',
    declined: '{why} Er is niets afgeschreven. Ga terug en probeer het opnieuw.',
    refused: 'Je kaart is geweigerd.',
  },
  en: {
    title: 'Pay by card',
    pay: 'Pay {amount}',
    paying: 'Paying…',
    back: 'Back without paying',
    leave: 'Back',
    privacy: 'Your card goes straight to the payment service. Neither we nor the shop see it.',
    unknown: 'This payment is not here. Go back and try again.',
    offline: 'No connection. Nothing was charged. Load the page again.',
    declined: '{why} Nothing was charged. Go back and try again.',
    refused: 'Your card was declined.',
  },
} as const;

const chosen = localStorage.getItem('stuiver.language');
const language: Language = (chosen ?? navigator.language).toLowerCase().startsWith('nl')
  ? 'nl'
  : 'en';
const w = WORDS[language];
const attemptId = new URLSearchParams(location.search).get('attempt') ?? '';
const at = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has a place for ${id}`);
  return element;
};
const pay = at('pay') as HTMLButtonElement;

function say(problem: string): void {
  at('problem').textContent = problem;
}

/** Nothing can be paid here any more. */
function end(problem: string): void {
  say(problem);
  pay.hidden = true;
  at('fields').hidden = true;
  at('back').textContent = w.leave;
  at('back').focus();
}

/** The sheet is in the window that opened this one; where there is none, the app says how it stands. */
function leave(): void {
  window.close();
  location.assign(`/returned?attempt=${encodeURIComponent(attemptId)}`);
}

async function begin(): Promise<void> {
  document.documentElement.lang = language;
  document.title = w.title;
  at('what').textContent = w.title;
  at('privacy').textContent = w.privacy;
  at('back').textContent = w.back;
  at('back').addEventListener('click', leave);
  pay.hidden = true;
  const opened = await open();
  if (opened === undefined) return;
  // A card was given already: this page was loaded again.
  if (opened.secret === null) {
    leave();
    return;
  }
  const amount = money(opened.amount.total_minor, opened.amount.currency, language);
  at('what').textContent = `${w.title}: ${opened.description}`;
  at('amount').textContent = amount;
  pay.textContent = w.pay.replace('{amount}', amount);
  pay.hidden = false;
  try {
    const stripe = (await loadPspScript(opened.script_url))(opened.publishable_key, {
      locale: language,
    });
    takeCard(stripe, { ...opened, secret: opened.secret });
  } catch {
    end(w.offline);
  }
}

async function open(): Promise<Opened | undefined> {
  try {
    const path = `/checkout/attempts/${encodeURIComponent(attemptId)}/card`;
    return (await new CheckoutApi().get(path)) as Opened;
  } catch (error) {
    end((error as Error).name === 'CheckoutProblem' ? w.unknown : w.offline);
    return undefined;
  }
}

function takeCard(stripe: StripeScript, opened: Opened & { readonly secret: string }): void {
  const elements = stripe.elements({ clientSecret: opened.secret, locale: language });
  const fields = elements.create('payment');
  fields.on('ready', () => {
    pay.disabled = false;
  });
  fields.on('loaderror', () => {
    end(w.offline);
  });
  fields.mount(at('fields'));
  const label = pay.textContent;
  const confirm = async (): Promise<void> => {
    say('');
    pay.disabled = true;
    pay.textContent = w.paying;
    const { error } = await stripe.confirmPayment({
      elements,
      confirmParams: { return_url: opened.return_url },
      redirect: 'if_required',
    });
    if (error?.type === 'validation_error') {
      say(error.message ?? w.refused);
      pay.textContent = label;
      pay.disabled = false;
    } else if (error?.type === 'card_error') {
      end(w.declined.replace('{why}', error.message ?? w.refused));
    } else {
      // Paid, or nobody knows yet whether it was: our server asks.
      location.assign(opened.return_url);
    }
  };
  at('form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (!pay.disabled) void confirm();
  });
}

void begin();
