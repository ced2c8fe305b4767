import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { PSP_ACCOUNT_FACTS } from '@stuiver/psp';
import { AccountWorld } from './testing/account-world.js';

let world: AccountWorld;
beforeAll(async () => {
  world = await AccountWorld.open();
});
afterAll(() => world.close());

describe('Stripe’s own package, paying out, against the sandbox', () => {
  it.each([...PSP_ACCOUNT_FACTS])('$name', ({ prove }) => prove(world));
});
