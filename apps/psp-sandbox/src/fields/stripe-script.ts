/**
 * What `https://js.stripe.com/v3/` is to a page, as far as a payment by card needs it: `Stripe(key).elements()`, one
 * payment element in a frame of ours, `confirmPayment`. The page that loads it never sees what is typed in the frame.
 *
 * Source: https://docs.stripe.com/js.
 */
export const STRIPE_SCRIPT = `(() => {
  const origin = new URL(document.currentScript.src).origin;
  const listeners = () => {
    const of = {};
    return {
      on: (event, listener) => { (of[event] = of[event] || []).push(listener); },
      say: (event, value) => { for (const listener of of[event] || []) listener(value); },
    };
  };
  const element = (options) => {
    const frame = document.createElement('iframe');
    const heard = listeners();
    const waiting = new Map();
    let asked = 0;
    frame.title = options.locale === 'nl' ? 'Kaartgegevens' : 'Card details';
    frame.src = origin + '/v3/fields?locale=' + encodeURIComponent(options.locale || 'auto');
    frame.style.width = '100%';
    frame.style.border = '0';
    frame.style.colorScheme = 'normal';
    frame.addEventListener('error', () => heard.say('loaderror', {}));
    window.addEventListener('message', (event) => {
      if (event.origin !== origin || event.source !== frame.contentWindow) return;
      const { kind, height, call, result } = event.data;
      if (kind === 'height') frame.style.height = height + 'px';
      else if (kind === 'ready') heard.say('ready', {});
      else if (kind === 'change') heard.say('change', result);
      else if (kind === 'answer' && waiting.has(call)) {
        waiting.get(call)(result);
        waiting.delete(call);
      }
    });
    const ask = (question) => new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      frame.contentWindow.postMessage({ ...question, call: asked }, origin);
    });
    return {
      on: heard.on,
      mount: (place) => {
        (typeof place === 'string' ? document.querySelector(place) : place).replaceChildren(frame);
      },
      unmount: () => frame.remove(),
      ask,
    };
  };
  const Stripe = (publishableKey, settings = {}) => ({
    elements: (options = {}) => {
      let only;
      return {
        clientSecret: options.clientSecret,
        create: (type) => {
          if (type !== 'payment' && type !== 'card') throw new Error('The sandbox has no element ' + type);
          only = element({ locale: options.locale || settings.locale });
          return only;
        },
        getElement: () => only || null,
        submit: () => only.ask({ kind: 'check' }),
      };
    },
    confirmPayment: async ({ elements, clientSecret, confirmParams, redirect }) => {
      const result = await elements.getElement().ask({
        kind: 'confirm',
        publishableKey,
        clientSecret: clientSecret || elements.clientSecret,
        returnUrl: confirmParams.return_url,
      });
      if (result.error) return result;
      const action = result.paymentIntent.next_action;
      const to = action ? action.redirect_to_url.url : redirect === 'if_required' ? null : confirmParams.return_url;
      if (to === null) return result;
      location.assign(to);
      return new Promise(() => {});
    },
  });
  Stripe.version = 'sandbox';
  window.Stripe = Stripe;
})();
`;
