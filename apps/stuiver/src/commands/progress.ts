/** Says on a terminal how far it is; elsewhere only how it ended. */
export interface Progress {
  readonly at: (count: number) => void;
  readonly end: (text: string) => void;
}

const REDRAW_MS = 100;

export function progress(what: string): Progress {
  const out = process.stderr;
  let drawnAt = -REDRAW_MS;
  return {
    at: (count) => {
      const now = performance.now();
      if (!out.isTTY || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      out.write(`\r\u001b[K${String(count)} ${what}`);
    },
    end: (text) => {
      out.write(`${out.isTTY ? '\r\u001b[K' : ''}${text}\n`);
    },
  };
}
