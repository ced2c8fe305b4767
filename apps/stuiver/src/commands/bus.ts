import { dropDeadLetter, listDeadLetters, type OpenLetter, replayDeadLetter } from '@stuiver/bus';
import { type Database, openDatabase, roleUrl } from '@stuiver/postgres';
import { adminUrl } from './admin-url.js';
import { type Command, CommandFailed } from './command.js';

/** `stuiver bus list`: what consumers could not handle, and how much waits behind it. */
const list: Command = {
  words: ['bus', 'list'],
  usage: 'dead letters that wait for a person, and how much is parked behind each',
  run: () =>
    onBus(async ({ pool }) => {
      const letters = await listDeadLetters(pool);
      letters.forEach(print);
      process.stdout.write(`${String(letters.length)} dead letters\n`);
    }),
};

/** `stuiver bus replay <id|subject>`: the consumers try it again, and then all that is parked behind it. */
const replay: Command = {
  words: ['bus', 'replay'],
  usage: '<id|subject>  a dead letter is tried again, then what is parked behind it',
  run: ([which]) => decide(which, replayDeadLetter),
};

/** `stuiver bus drop <id>`: a letter that never can succeed is given up; what is parked behind it goes on. */
const drop: Command = {
  words: ['bus', 'drop'],
  usage: '<id>  a dead letter is given up; what is parked behind it goes on without it',
  run: ([id]) => decide(id, dropDeadLetter),
};

export const BUS_COMMANDS: readonly Command[] = [list, replay, drop];

function print(letter: OpenLetter): void {
  const { id, consumer, topic, subject, at, decision, parked } = letter;
  const state = decision === null ? 'waits' : decision;
  process.stdout.write(
    `${id.padStart(6)}  ${at.toISOString()}  ${state.padEnd(6)}  ${consumer} ${topic} ${subject}  ${String(parked)} parked\n`,
  );
  process.stdout.write(`        ${letter.reason.split('\n').join('\n        ')}\n`);
}

async function decide(
  which: string | undefined,
  decision: (pool: Database['pool'], which: string) => Promise<number>,
): Promise<number> {
  if (which === undefined) throw new CommandFailed('which one? "stuiver bus list" says');
  return onBus(async ({ pool }) => {
    const letters = await decision(pool, which);
    if (letters === 0) throw new CommandFailed(`no dead letter waits under ${which}`);
    process.stdout.write(`${String(letters)} decided; the consumers do it within a second\n`);
  });
}

async function onBus(work: (database: Database) => Promise<void>): Promise<number> {
  const url = roleUrl(await adminUrl(), 'bus');
  const database = await openDatabase({ url, applicationName: 'stuiver bus', poolMax: 2 });
  try {
    await work(database);
    return 0;
  } finally {
    await database.close();
  }
}
