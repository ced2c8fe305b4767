/** Of Stripe's script what this page uses. Source: https://docs.stripe.com/js. */
export interface StripeScript {
  elements(options: { clientSecret: string; locale: string }): StripeElements;
  confirmPayment(options: {
    elements: StripeElements;
    confirmParams: { return_url: string };
    redirect: 'if_required';
  }): Promise<{ readonly error?: StripeError }>;
}

interface StripeElements {
  create(type: 'payment'): StripeElement;
}

interface StripeElement {
  mount(place: HTMLElement): void;
  on(event: 'ready' | 'loaderror', listener: () => void): void;
}

interface StripeError {
  readonly type: string;
  readonly message?: string;
}

type Stripe = (publishableKey: string, options: { locale: string }) => StripeScript;

/** Loads the PSP's script from the PSP. @throws Error when it does not come. */
export async function loadPspScript(url: string): Promise<Stripe> {
  const script = document.createElement('script');
  script.src = url;
  await new Promise<void>((resolve, reject) => {
    script.addEventListener('load', () => {
      resolve();
    });
    script.addEventListener('error', () => {
      reject(new Error(`${url} did not load`));
    });
    document.head.append(script);
  });
  return (globalThis as unknown as { Stripe: Stripe }).Stripe;
}
