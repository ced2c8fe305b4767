import { Refusal } from '@stuiver/errors';
import type { BankPage } from '../../use-cases/sandbox-pay.js';

const ANSWER_MS_MAX = 10_000;
const FORM = /<form\b([^>]*)>([\s\S]*?)<\/form>/gi;
const FIELD = /<(?:input|button)\b([^>]*)>/gi;
const NAMES = { authorise: /authori[sz]e|succe/i, fail: /fail/i } as const;

/** Reads the sandbox bank's page, fills in its form, and follows where it leads, as a browser does. */
export class HttpBankPage implements BankPage {
  async press(url: string, button: 'authorise' | 'fail'): Promise<void> {
    const page = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const form = formWith(await page.text(), NAMES[button]);
    if (!page.ok || form === undefined)
      throw new Refusal('PSP_UNREACHABLE', { rule: 'shows its bank page' });
    const answer = await fetch(new URL(form.action === '' ? page.url : form.action, page.url), {
      method: 'POST',
      body: form.fields,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    await answer.arrayBuffer();
    if (answer.status >= 400) throw new Refusal('PSP_UNREACHABLE', { rule: 'takes the answer' });
  }
}

interface Form {
  readonly action: string;
  readonly fields: URLSearchParams;
}

/** The form that has the button, with the button pressed and every hidden field. */
function formWith(html: string, button: RegExp): Form | undefined {
  for (const [, attributes = '', inside = ''] of html.matchAll(FORM)) {
    const controls = Array.from(inside.matchAll(FIELD), ([, text = '']) => text);
    const pressed = controls.find(
      (text) => attribute(text, 'type') !== 'hidden' && button.test(attribute(text, 'value')),
    );
    const action = attribute(attributes, 'action');
    if (pressed === undefined && !button.test(action)) continue;
    const fields = new URLSearchParams();
    for (const text of controls) {
      const name = attribute(text, 'name');
      const counts = attribute(text, 'type') === 'hidden' || text === pressed;
      if (counts && name !== '') fields.append(name, attribute(text, 'value'));
    }
    return { action, fields };
  }
  return undefined;
}

function attribute(text: string, name: string): string {
  const value = new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'i').exec(text)?.[1] ?? '';
  return value.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
}
