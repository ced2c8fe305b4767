import type { EventBus } from '@stuiver/bus';
import { parseEvent, TOPICS } from '@stuiver/contracts';
import { eventIdOf } from '@stuiver/ids';
import type { Log } from '@stuiver/ports';
import type { TellWatch } from '../../use-cases/watch-books.js';

const TYPE = 'ledger.watch-changed.v1';

/** Over the bus and in the log. The event's id follows from the watch and its change: told again, it is the same. */
export function tellWatchOver(bus: Pick<EventBus, 'publish'>, log: Log): TellWatch {
  return async ({ watch, state, detail }, change, at) => {
    const event = parseEvent({
      specversion: '1.0',
      id: eventIdOf(TYPE, `${watch}:${change.toString()}`),
      source: '/stuiver/ledger',
      type: TYPE,
      subject: `watch:${watch}`,
      time: at.toISOString(),
      datacontenttype: 'application/json',
      data: { watch, state, change: change.toString(), detail, at: at.toISOString() },
    });
    await bus.publish(TOPICS.ledger, [event]);
    if (state === 'alarm') log.error('the books are not as they should be', { watch });
    else log.info('the books are as they should be again', { watch });
  };
}
