import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { PAY_IN_FACTS } from '@stuiver/psp';
import { SandboxWorld } from './testing/sandbox-world.js';

let world: SandboxWorld;
beforeAll(async () => {
  world = await SandboxWorld.open();
});
afterAll(() => world.close());

describe('Stripe’s own package against the sandbox', () => {
  it.each([...PAY_IN_FACTS])('$name', ({ prove }) => prove(world));
});
