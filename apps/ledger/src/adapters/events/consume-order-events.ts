import {
  disputeReturnCommand,
  disputeWithdrawalCommand,
  latePaymentCommand,
  paymentCommand,
  refundRequestCommand,
  refundReturnCommand,
  refundSuccessCommand,
  topUpCommand,
  TOPICS,
  type EventData,
  type EventType,
  type LedgerCommand,
  type LedgerPort,
  type StuiverEvent,
} from '@stuiver/contracts';
import type { EventBus, Subscription } from '@stuiver/bus';
import { ERROR_CATALOGUE, Refusal } from '@stuiver/errors';
import type { Log } from '@stuiver/ports';

/** Which command each fact is. Types that are not here are nothing to the ledger. */
const COMMAND_OF = {
  'payment.succeeded.v1': paymentCommand,
  'payment.succeeded-late.v1': latePaymentCommand,
  'refund.requested.v1': refundRequestCommand,
  'refund.succeeded.v1': refundSuccessCommand,
  'refund.returned.v1': refundReturnCommand,
  'dispute.withdrawn.v1': disputeWithdrawalCommand,
  'dispute.returned.v1': disputeReturnCommand,
  'top-up.succeeded.v1': topUpCommand,
} as const satisfies { [Type in EventType]?: (fact: EventData<Type>) => LedgerCommand };

type BookedType = keyof typeof COMMAND_OF;
const BOOKED_TYPES = Object.keys(COMMAND_OF) as BookedType[];

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
    types: BOOKED_TYPES,
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
  if (!isBooked(event.type)) return undefined;
  // The table pairs every type with its own data; the compiler cannot follow that pair through an index.
  const build = COMMAND_OF[event.type] as (fact: StuiverEvent['data']) => LedgerCommand;
  return build(event.data);
}

function isBooked(type: EventType): type is BookedType {
  return Object.hasOwn(COMMAND_OF, type);
}
