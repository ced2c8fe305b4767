import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually, type OwnDatabase, REPOSITORY_ROOT } from '@stuiver/testing';

/** Built programs: the tests are preceded by a build. */
export const PROGRAMS = join(REPOSITORY_ROOT, 'apps/ledger/dist/testing');
const CREDENTIALS = { order: 'o'.repeat(40), payout: 'p'.repeat(40) } as const;
const LISTENING_MS_MAX = 60_000;

/** A ledger, the whole server, or one of the server's processes is killed; or a ledger stands still. */
export type FaultKind = 'kill-service' | 'kill-server' | 'kill-backend' | 'stop';

export interface Fault {
  readonly kind: FaultKind;
  /** Statements from the order on. */
  readonly at: number;
  readonly isSent: boolean;
}

/** Stories that the callers of one ledger tell, and what befalls it meanwhile. */
export interface Order {
  readonly worlds: readonly { readonly seed: number; readonly commands: number }[];
  /** In ms. */
  readonly startsAt: number;
  readonly fault: Fault | null;
}

/** What a caller heard. */
export interface Heard {
  readonly id: string;
  readonly content: string;
  /** Undefined: it was refused as no command of this id. */
  readonly answer?: object;
  readonly code?: string;
}

export interface MemberOptions {
  readonly database: OwnDatabase;
  readonly pidFile: string;
  /** Where callers' answers go. */
  readonly hear: (heard: Heard) => void;
  readonly meet: (kind: FaultKind, member: Member) => void;
}

type Line =
  | { readonly say: 'listening' | 'told' }
  | { readonly say: 'fault'; readonly kind: FaultKind }
  | { readonly say: 'heard'; readonly heard: Heard };

/** One ledger process of several, with its callers. It may die and be started again at the same address. */
export class Member {
  /** Orders that were carried out. */
  toldCount = 0;
  private child: ChildProcess | undefined;
  private isListening = false;
  private isEnding = false;
  /** Why it ended although nobody killed it. */
  private ended: string | undefined;

  private constructor(
    private readonly options: MemberOptions,
    private readonly port: number,
  ) {}

  static async start(options: MemberOptions): Promise<Member> {
    const member = new Member(options, await freePort());
    await member.start();
    return member;
  }

  get address(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** @throws Error when it ended by itself. */
  needAlive(): void {
    if (this.ended !== undefined) throw new Error(`a ledger ended by itself: ${this.ended}`);
  }

  async start(): Promise<void> {
    const { database, pidFile } = this.options;
    const plan = {
      ...{ port: this.port, url: database.url('ledger'), busUrl: database.url('bus') },
      ...{ credentials: CREDENTIALS, pidFile },
    };
    const program = join(PROGRAMS, 'seeded-child.js');
    this.isListening = false;
    const child = spawn(process.execPath, [program, JSON.stringify(plan)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child = child;
    // It may be dead already; its end says so.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.take(line);
    });
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL' && !this.isEnding) this.ended = String(code ?? signal);
    });
    await eventually('a ledger listens', () => this.look(), LISTENING_MS_MAX);
  }

  /** After its death. */
  async startAgain(): Promise<void> {
    const { child } = this;
    if (child !== undefined && child.signalCode === null && child.exitCode === null) {
      await once(child, 'close');
    }
    await this.start();
  }

  give(order: Order): void {
    this.child?.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  wake(): void {
    this.child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.isEnding = true;
    if (child === undefined || child.signalCode !== null || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  private look(): boolean {
    this.needAlive();
    return this.isListening;
  }

  private take(text: string): void {
    const line = parsed(text);
    if (line === undefined) return;
    const { hear, meet } = this.options;
    if (line.say === 'heard') hear(line.heard);
    else if (line.say === 'fault') meet(line.kind, this);
    else if (line.say === 'told') this.toldCount += 1;
    else this.isListening = true;
  }
}

/** The last line of one that was killed may be half a line: nobody has heard it. */
function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
