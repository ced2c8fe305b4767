import 'reflect-metadata';
import { COMMANDS, USAGE } from './commands/index.js';
import { CommandFailed } from './commands/command.js';
import { EnvironmentProblem } from '@stuiver/service';
import { ConfigProblem } from './config.js';

/** The command line. @returns the exit code; a long-running command returns when it has ended. */
export async function main(args: readonly string[]): Promise<number> {
  const found = COMMANDS.find(({ words }) => words.every((word, index) => args[index] === word));
  if (found === undefined) {
    process.stderr.write(USAGE);
    return args.length === 0 || args[0] === 'help' || args[0] === '--help' ? 0 : 2;
  }
  try {
    return await found.run(args.slice(found.words.length));
  } catch (error) {
    process.stderr.write(`stuiver ${found.words.join(' ')}: ${explain(error)}\n`);
    return 1;
  }
}

const MENDABLE = [CommandFailed, ConfigProblem, EnvironmentProblem] as const;

/** One clear line for what a person can mend; the whole trace for what is ours. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (MENDABLE.some((kind) => error instanceof kind)) return error.message;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
