import { inflateSync } from 'node:zlib';

/** The texts of a PDF's pages: hexadecimal strings in deflated streams. */
export function pdfText(paper: Buffer): string {
  const raw = paper.toString('latin1');
  const streams = [...raw.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, body = '']) => {
    try {
      return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  const lines = streams.join('\n').split('\n');
  return lines
    .map((text) =>
      [...text.matchAll(/<([0-9a-f]+)>/g)]
        .map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'))
        .join(''),
    )
    .join('\n');
}
