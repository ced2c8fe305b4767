/** `12,50`, `12.5` and `12` in minor units, as text; null when it is no amount above nothing. */
export function minorOf(text: string): string | null {
  const [, whole, cents = ''] = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const minor = `${whole}${cents.padEnd(2, '0')}`.replace(/^0+/, '');
  return minor === '' ? null : minor;
}
