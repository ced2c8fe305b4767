import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface FoundKafka {
  /** The program `java`. */
  readonly java: string;
  /** Holds the broker's jars and nothing else. */
  readonly jarsDir: string;
}

export interface MissingKafka {
  /** One line: what is not here and how to get it. */
  readonly missing: string;
}

const HOW = 'as root on Debian "node tools/provision.mjs" brings it';
/** Where tools/provision.mjs puts the jars that ops/kafka/pom.xml names; the same from `src` and from `dist`. */
const JARS_DIR = fileURLToPath(new URL('../../../.cache/kafka', import.meta.url));

/** Looks for what a broker needs. @param place where the jars are, when not in the project's cache. */
export function findKafka(place: { readonly jarsDir?: string } = {}): FoundKafka | MissingKafka {
  const jarsDir = place.jarsDir ?? JARS_DIR;
  const java = findProgram('java');
  if (java === undefined) return { missing: `no Kafka here: no java on the PATH; ${HOW}` };
  if (!hasJars(jarsDir)) return { missing: `no Kafka here: no jars in ${jarsDir}; ${HOW}` };
  return { java, jarsDir };
}

export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasJars(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => /^kafka_.*\.jar$/.test(name));
}
