import { randomInt } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CafeOrder {
  readonly number: string;
  readonly openid: string;
  readonly description: string;
  readonly totalMinor: number;
  /** Our counter's truth: paid when the signed notification said so, or when we asked. */
  readonly paid: boolean;
  readonly notified: boolean;
  readonly refundedMinor: number;
  readonly refunds: number;
}

const NUMBER_DIGITS_MAX = 1_000_000_000;

/** The café's own book: a line per change, read back at start. */
export class CafeOrders {
  private readonly orders = new Map<string, CafeOrder>();

  private constructor(private readonly file: string) {}

  static async open(dataDir: string): Promise<CafeOrders> {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const book = new CafeOrders(join(dataDir, 'orders.jsonl'));
    const text = await readFile(book.file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) book.readBack(line);
    // A kill may have cut the last line short: what comes next begins a new one.
    if (text !== '' && !text.endsWith('\n')) await appendFile(book.file, '\n');
    return book;
  }

  private readBack(line: string): void {
    try {
      const order = JSON.parse(line) as CafeOrder;
      this.orders.set(order.number, order);
    } catch {
      // An empty or cut line: its change was never answered to anybody.
    }
  }

  find(number: string): CafeOrder | undefined {
    return this.orders.get(number);
  }

  async place(order: Pick<CafeOrder, 'openid' | 'description' | 'totalMinor'>): Promise<CafeOrder> {
    const number = `cafe${String(performance.timeOrigin + performance.now())
      .replace('.', '')
      .slice(0, 16)}${randomInt(NUMBER_DIGITS_MAX)}`;
    return this.save({
      number: number.slice(0, 32),
      ...order,
      paid: false,
      notified: false,
      refundedMinor: 0,
      refunds: 0,
    });
  }

  async save(order: CafeOrder): Promise<CafeOrder> {
    this.orders.set(order.number, order);
    await appendFile(this.file, `${JSON.stringify(order)}\n`, { mode: 0o600 });
    return order;
  }
}
