/** Gives the person a file. */
export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** What proves a payment, as its reader keeps it. */
export function saveReceipt(orderId: string, receipt: unknown): void {
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  saveFile(`stuiver-receipt-${orderId}.json`, text, 'application/json');
}
