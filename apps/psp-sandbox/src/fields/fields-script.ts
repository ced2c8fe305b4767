import { TEST_NUMBERS } from '../payment-methods.js';

const WORDS = {
  nl: {
    number: 'Kaartnummer',
    expiry: 'Vervaldatum',
    cvc: 'CVC',
    badNumber: 'Dit is geen testkaart van de sandbox, zoals 4242 4242 4242 4242.',
    badExpiry: 'De vervaldatum klopt niet.',
    badCvc: 'De CVC heeft drie cijfers.',
    declined: 'Je kaart is geweigerd.',
    insufficient_funds: 'Er staat te weinig op je rekening.',
  },
  en: {
    number: 'Card number',
    expiry: 'Expiry date',
    cvc: 'CVC',
    badNumber: 'This is no test card of the sandbox, such as 4242 4242 4242 4242.',
    badExpiry: 'The expiry date is not right.',
    badCvc: 'The CVC has three digits.',
    declined: 'Your card was declined.',
    insufficient_funds: 'There is too little money in your account.',
  },
} as const;

/**
 * The frame's own script. A number that is typed is looked up here, in the browser, among the sandbox's test cards, and
 * only the test card's name is sent on: even the sandbox never gets a number.
 */
const SCRIPT = `((words, cards) => {
  const field = (id) => document.getElementById(id);
  const digits = (id) => field(id).value.replace(/\\D/g, '');
  const tell = (message) => parent.postMessage(message, '*');
  const problem = () => {
    if (!Object.hasOwn(cards, digits('number'))) return ['number', words.badNumber];
    const [month, year] = [digits('expiry').slice(0, 2), digits('expiry').slice(2)];
    const end = Date.UTC(2000 + Number(year), Number(month), 1);
    if (year.length !== 2 || month < '01' || month > '12' || end <= Date.now()) return ['expiry', words.badExpiry];
    if (digits('cvc').length !== 3) return ['cvc', words.badCvc];
    return null;
  };
  const check = () => {
    const found = problem();
    for (const id of ['number', 'expiry', 'cvc']) field(id).setAttribute('aria-invalid', String(found !== null && found[0] === id));
    if (found === null) return null;
    field(found[0]).focus();
    return { type: 'validation_error', code: 'incomplete_' + found[0], message: found[1] };
  };
  const group = (id, size, gap, max) => field(id).addEventListener('input', () => {
    const typed = digits(id).slice(0, max);
    field(id).value = (typed.match(new RegExp('.{1,' + size + '}', 'g')) || []).join(gap);
    tell({ kind: 'change', result: { complete: problem() === null } });
  });
  group('number', 4, ' ', 16);
  group('expiry', 2, ' / ', 4);
  group('cvc', 3, '', 3);
  const confirm = async ({ publishableKey, clientSecret, returnUrl }) => {
    const error = check();
    if (error !== null) return { error };
    const id = clientSecret.split('_secret_')[0];
    try {
      const answer = await fetch('/v1/payment_intents/' + id + '/confirm', {
        method: 'POST',
        headers: { authorization: 'Bearer ' + publishableKey, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          payment_method: cards[digits('number')],
          client_secret: clientSecret,
          return_url: returnUrl,
        }),
      });
      const body = await answer.json();
      if (answer.ok) return { paymentIntent: body };
      const message = body.error.type === 'card_error' ? words[body.error.decline_code] || words.declined : body.error.message;
      return { error: { ...body.error, message } };
    } catch {
      return { error: { type: 'api_connection_error', message: words.declined } };
    }
  };
  addEventListener('message', async ({ data, source, origin }) => {
    if (source !== parent) return;
    const error = data.kind === 'check' ? check() : null;
    const result = data.kind === 'confirm' ? await confirm(data) : error === null ? {} : { error };
    source.postMessage({ kind: 'answer', call: data.call, result }, origin);
  });
  const size = () => tell({ kind: 'height', height: Math.ceil(document.body.getBoundingClientRect().height) });
  new ResizeObserver(size).observe(document.body);
  size();
  tell({ kind: 'ready' });
})`;

/** The three fields. @param nonce  lets the page's own script and style in. */
export function fieldsPage(language: 'nl' | 'en', nonce: string): string {
  const words = WORDS[language];
  const input = (id: 'number' | 'expiry' | 'cvc', hint: string, autocomplete: string): string =>
    `<label for="${id}">${words[id]}<input id="${id}" inputmode="numeric" placeholder="${hint}" autocomplete="${autocomplete}"></label>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${words.number}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
${input('number', '4242 4242 4242 4242', 'cc-number')}
<div>${input('expiry', '12 / 34', 'cc-exp')}${input('cvc', '123', 'cc-csc')}</div>
<script nonce="${nonce}">${SCRIPT}(${JSON.stringify(words)}, ${JSON.stringify(TEST_NUMBERS)});</script>
</body>
</html>`;
}

const STYLE = `
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
  body { margin: 0; display: grid; gap: 12px; color: light-dark(#1d1f22, #f2f0ec); background: light-dark(#fff, #202327); }
  div { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
  label { display: grid; gap: 4px; }
  input {
    box-sizing: border-box; width: 100%; min-height: 48px; padding: 0 12px; font: inherit;
    border: 1px solid currentColor; border-radius: 8px; background: none; color: inherit;
  }
  input[aria-invalid=true] { border: 2px solid light-dark(#8f1d1d, #ffb4ab); }
  :focus-visible { outline: 3px solid light-dark(#1a4fd6, #9db8ff); outline-offset: -1px; }
`;
