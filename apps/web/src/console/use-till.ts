import type { CounterDay, TillNow, TillOrder } from '@stuiver/console-api';
import { useEffect, useState } from 'preact/hooks';
import { change, read } from './api.js';
import { chime } from './chime.js';

const WAIT_MS = 8_000;
const AGAIN_MS = 2_000;

export interface Till {
  readonly order: TillOrder | null;
  readonly today: CounterDay;
  /** Nobody hears how the order stands; the payer may pay all the same. */
  readonly isOffline: boolean;
  readonly ask: (amountMinor: string, note: string) => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly next: () => void;
}

export function isOver({ state }: TillOrder): boolean {
  return state === 'paid' || state === 'cancelled' || state === 'expired';
}

/** One till: an order at a time, watched until it is over. */
export function useTill(path: string, now: TillNow): Till {
  const [order, setOrder] = useState(now.open);
  const [today, setToday] = useState(now.today);
  const [isOffline, setOffline] = useState(false);
  // What the page asks for has a name, so that a press that was not answered is not a second order.
  const [request, setRequest] = useState({ of: '', id: crypto.randomUUID() });

  const take = (next: TillOrder): void => {
    setOrder(next);
    if (next.state !== 'paid') return;
    chime();
    void read<TillNow>(path).then(
      (fresh) => {
        setToday(fresh.today);
      },
      () => undefined,
    );
  };
  useEffect(() => {
    if (order === null || isOver(order)) return undefined;
    let wanted = true;
    void watch(path, order, {
      isWanted: () => wanted,
      onNews: take,
      onSilence: setOffline,
    });
    return () => {
      wanted = false;
    };
  }, [path, order?.orderId]);

  return {
    ...{ order, today, isOffline },
    ask: async (amountMinor, note) => {
      const of = `${amountMinor} ${note}`;
      const id = request.of === of || request.of === '' ? request.id : crypto.randomUUID();
      setRequest({ of, id });
      const said = note === '' ? {} : { note };
      take(await change<TillOrder>(`${path}/orders`, { amountMinor, ...said, requestId: id }));
    },
    cancel: async () => {
      if (order === null) return;
      take(await change<TillOrder>(`${path}/orders/${order.orderId}/cancel`, {}));
    },
    next: () => {
      setRequest({ of: '', id: crypto.randomUUID() });
      setOrder(null);
    },
  };
}

interface Watching {
  readonly isWanted: () => boolean;
  readonly onNews: (order: TillOrder) => void;
  readonly onSilence: (isSilent: boolean) => void;
}

/** Asks until the order is over or the page is left; without a connection it tries again. */
async function watch(path: string, first: TillOrder, how: Watching): Promise<void> {
  let seen = first;
  while (how.isWanted() && !isOver(seen)) {
    const query = `wait_ms=${String(WAIT_MS)}&seen=${seen.state}`;
    const url = `${path}/orders/${first.orderId}?${query}`;
    const next = await read<TillOrder>(url).catch(() => null);
    if (!how.isWanted()) return;
    how.onSilence(next === null);
    if (next === null) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    else if (next.state !== seen.state) how.onNews(next);
    seen = next ?? seen;
  }
}
