import { freePort } from '../run/children.js';

export const SERVICES = ['ledger', 'order', 'payout'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Two of each: enough to see whether a second one does harm, and to lose one without losing the service. */
const REPLICAS = 2;

export interface Member {
  readonly service: ServiceName;
  readonly replica: string;
  readonly port: number;
  readonly origin: string;
}

/** Every process of every service with a port of its own. */
export async function planMembers(): Promise<readonly Member[]> {
  const members: Member[] = [];
  const taken = new Set<number>();
  for (const service of SERVICES) {
    for (let replica = 1; replica <= REPLICAS; replica += 1) {
      let port = await freePort();
      while (taken.has(port)) port = await freePort();
      taken.add(port);
      const origin = `http://127.0.0.1:${String(port)}`;
      members.push({ service, replica: String(replica), port, origin });
    }
  }
  return members;
}

export function originsOf(members: readonly Member[], service: ServiceName): readonly string[] {
  return members.filter((member) => member.service === service).map(({ origin }) => origin);
}
