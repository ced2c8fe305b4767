import { SystemRandom } from '@stuiver/ports';
import { readConfig } from '../config.js';
import { seedCafe, seedPeople } from '../demo/seed-demo.js';
import { addressesOf } from '../run/addresses.js';
import { readOrMakeSecrets } from '../run/secrets.js';
import { type Command, CommandFailed } from './command.js';

/** `stuiver seed`: the demo merchant, its mini-program, payers and staff in what runs at PORT. Sandbox only; safe to repeat. */
export const seedCommand: Command = {
  words: ['seed'],
  usage: 'the demo merchant, its café, payers and staff; sandbox only',
  run: async () => {
    const config = readConfig(process.env);
    if (!config.sandbox) throw new CommandFailed('demo data is for the sandbox only');
    const secrets = await readOrMakeSecrets(config.dataDir, new SystemRandom());
    const demo = { config, secrets, addresses: addressesOf(config) };
    const folder = await seedCafe({ ...demo, demoPort: config.demoPort });
    await seedPeople(demo);
    process.stdout.write(`${folder}\n`);
    return 0;
  },
};
