import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { checkJournal, exportJournal, importJournal } from '../journal/transfer-journal.js';
import type { JournalFormat } from '../journal/write-journal.js';
import { type Command, CommandFailed } from './command.js';
import { operatorClient } from './operator-client.js';
import { progress } from './progress.js';

/** `stuiver ledger export`: the journal, or the part of it that fits, to a file or to the terminal. */
const exportCommand: Command = {
  words: ['ledger', 'export'],
  usage: '[--format csv|jsonl] [--from day] [--to day] [--account name] [--out file]  the journal',
  run: async (args) => {
    const text = { type: 'string' } as const;
    const options = { format: text, from: text, to: text, account: text, out: text };
    const { values } = parseArgs({ args: [...args], options });
    const { from, to, account, out } = values;
    const format = formatOf(values.format ?? out ?? 'csv');
    const client = await operatorClient();
    const target = out === undefined ? process.stdout : createWriteStream(out);
    const told = progress('transfers');
    const filter = { from, to, account };
    const count = await exportJournal(client, target, { format, filter, onProgress: told.at });
    if (target !== process.stdout) {
      target.end();
      await finished(target);
    }
    told.end(`${String(count)} transfers`);
    return 0;
  },
};

/** `stuiver ledger import <file>`: books the entries of a journal, each once however often its file is imported. */
const importCommand: Command = {
  words: ['ledger', 'import'],
  usage: '<file.csv|file.jsonl> [--format csv|jsonl]  books a journal; again changes nothing',
  run: async (args) => {
    const options = { format: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [file] = positionals;
    if (file === undefined) throw new CommandFailed('which file? ledger import <file>');
    const format = formatOf(values.format ?? file);
    const checked = progress('lines checked');
    const entries = await checkJournal({ file, format, onProgress: checked.at });
    checked.end(`${String(entries)} entries are well-formed`);
    const client = await operatorClient();
    const told = progress(`of ${String(entries)} entries`);
    const booked = await importJournal(client, { file, format, onProgress: told.at });
    told.end(`${String(booked)} entries are booked`);
    return 0;
  },
};

export const LEDGER_JOURNAL_COMMANDS: readonly Command[] = [exportCommand, importCommand];

/** A format by its name, or by that of a file. */
function formatOf(text: string): JournalFormat {
  const name = text.slice(text.lastIndexOf('.') + 1);
  if (name === 'csv' || name === 'jsonl') return name;
  throw new CommandFailed(`csv or jsonl? say --format: "${text}" tells neither`);
}
