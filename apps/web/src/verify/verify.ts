import { type Receipt, verifyReceipt } from '@stuiver/proof';

/** The page that checks a receipt, alone: it is bundled into one file and works from a disk. */
function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has #${id}`);
  return found;
}

function textOf(id: string): string {
  const field = element(id);
  return field instanceof HTMLTextAreaElement ? field.value : '';
}

async function check(): Promise<{ verdict: string; lines: readonly string[] }> {
  const receipt = JSON.parse(textOf('receipt')) as Receipt;
  const steps = await verifyReceipt(receipt, textOf('key'));
  const isGood = steps.every(({ holds }) => holds);
  const facts = receipt.transfers.map(
    ({ facts: { seq, purpose, amountMinor, currency, effectiveAt } }) =>
      `transfer ${seq}: ${purpose}, ${amountMinor} minor units ${currency}, ${effectiveAt}`,
  );
  return {
    verdict: isGood ? 'Good: it is in the books that this key signed.' : 'Bad: it proves nothing.',
    lines: [
      ...facts,
      ...described(receipt),
      '',
      ...steps.map(({ what, holds }) => `${holds ? '✓' : '✗'} ${what}`),
    ],
  };
}

/** What was bought and by whom, as far as it was opened and not erased. */
function described({ metadata }: Receipt): readonly string[] {
  return metadata === null
    ? []
    : Object.entries(metadata.fields).map(([name, text]) => `${name}: ${text}`);
}

element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  // The verdict on another receipt must not stand while this one is looked at.
  element('verdict').textContent = '';
  element('result').textContent = '';
  check().then(
    ({ verdict, lines }) => {
      element('verdict').textContent = verdict;
      element('result').textContent = lines.join('\n');
    },
    (error: unknown) => {
      element('verdict').textContent = 'Bad: this is no receipt, or no Ed25519 key.';
      element('result').textContent = String(error);
    },
  );
});
