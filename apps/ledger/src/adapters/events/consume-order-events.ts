import {
  latePaymentCommand,
  paymentCommand,
  refundRequestCommand,
  refundReturnCommand,
  refundSuccessCommand,
  topUpCommand,
  TOPICS,
  type EventType,
  type LedgerCommand,
  type LedgerPort,
  type StuiverEvent,
} from '@stuiver/contracts';
import type { EventBus, Subscription } from '@stuiver/bus';
import { ERROR_CATALOGUE, Refusal } from '@stuiver/errors';
import type { Log } from '@stuiver/ports';

const TYPES = [
  'payment.succeeded.v1',
  'payment.succeeded-late.v1',
  'refund.requested.v1',
  'refund.succeeded.v1',
  'refund.returned.v1',
  'top-up.succeeded.v1',
] as const satisfies readonly EventType[];

export interface ConsumeOptions {
  readonly bus: EventBus;
  readonly ledger: LedgerPort;
  readonly log: Log;
}

/**
 * Books what Order says. No inbox: every fact becomes the command that its business id names, so one that Order
 * submitted itself, or that arrives twice, finds itself booked.
 */
export function consumeOrderEvents({ bus, ledger, log }: ConsumeOptions): Subscription {
  return bus.subscribe({
    consumer: 'ledger',
    topic: TOPICS.order,
    types: TYPES,
    handle: async (event) => {
      const command = commandOf(event);
      if (command !== undefined) await book(command, { event, ledger, log });
    },
  });
}

async function book(
  command: LedgerCommand,
  { event, ledger, log }: { event: StuiverEvent; ledger: LedgerPort; log: Log },
): Promise<void> {
  const told = { event: event.id, type: event.type, subject: event.subject, command: command.id };
  try {
    const result = await ledger.submit(command);
    // Order says such things only after the ledger agreed, so this is somebody's mistake, not somebody's bad luck.
    if (result.outcome === 'refused')
      log.error('event told of a refused command', { ...told, code: result.code });
  } catch (error) {
    // Never booked by trying again: a person must look. Holding up everybody else's money would not help them.
    if (!(error instanceof Refusal) || ERROR_CATALOGUE[error.code].retry !== 'never') throw error;
    log.error('event cannot be booked', { ...told, code: error.code }, error);
  }
}

function commandOf(event: StuiverEvent): LedgerCommand | undefined {
  switch (event.type) {
    case 'payment.succeeded.v1':
      return paymentCommand(event.data);
    case 'payment.succeeded-late.v1':
      return latePaymentCommand(event.data);
    case 'refund.requested.v1':
      return refundRequestCommand(event.data);
    case 'refund.succeeded.v1':
      return refundSuccessCommand(event.data);
    case 'refund.returned.v1':
      return refundReturnCommand(event.data);
    case 'top-up.succeeded.v1':
      return topUpCommand(event.data);
    default:
      return undefined;
  }
}
