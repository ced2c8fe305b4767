import type { BankWindow } from './flow-ports.js';

const FEATURES = 'popup,width=480,height=760';

/**
 * A window for the bank, opened in the payer's own tap and sent there a moment later. Null when the browser blocked
 * it: the sheet has a link for that.
 */
export function openBankWindow(words: string): BankWindow | null {
  const bank = window.open('about:blank', '_blank', FEATURES);
  if (bank === null) return null;
  // The bank's page cannot reach back into ours.
  bank.opener = null;
  bank.document.title = words;
  bank.document.body.textContent = words;
  return {
    go: (url) => {
      bank.location.href = url;
    },
    close: () => {
      bank.close();
    },
  };
}
