import { describe, expect, it } from '@jest/globals';
import { type ComposeService, readCompose } from '../support/compose-file.js';
import { isThere, readText, readYaml } from '../support/ops-files.js';

const { services, volumes } = readCompose();
const ours = services.filter(({ build }) => build !== undefined);
const named = (name: string): ComposeService => {
  const found = services.find((service) => service.name === name);
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
};
/** A job ends by itself; what is no job is up until it is stopped. */
const isJob = ({ restart }: ComposeService): boolean => restart === 'no';
const programOf = ({ command = [] }: ComposeService): string =>
  command.find((word) => word.endsWith('.js')) ?? '';

describe('every container', () => {
  it.each(services)('$name can do no more than it must', (service) => {
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.cap_drop).toEqual(['ALL']);
    // Kafka's own start script writes beside the program.
    expect(service.read_only).toBe(service.name !== 'kafka');
    expect(service.tmpfs[0]).toBe('/tmp');
  });

  it.each(services)('$name has its limits, and a log that does not fill the disk', (service) => {
    const { cpus, memory, pids } = service.deploy.resources.limits;
    expect(cpus).toMatch(/^\d\.\d$/);
    expect(memory).toMatch(/^\d+[MG]$/);
    expect(pids).toBeGreaterThan(0);
    expect(service.logging.options).toHaveProperty('max-size');
  });

  it.each(services)('$name says how it is, or ends', (service) => {
    expect('disable' in service.healthcheck).toBe(isJob(service));
  });

  it.each(services)('$name waits for what is there and can be waited for', ({ depends_on }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const isEnd = condition === 'service_completed_successfully';
      expect({ name, isEnd }).toEqual({ name, isEnd: isJob(named(name)) });
    }
  });

  it.each(services)('$name is of a version', ({ image }) => {
    expect(image).toMatch(/^[\w./-]+:[\w.-]+$/);
    expect(image).not.toMatch(/:latest$/);
  });

  it.each(services)('$name reads its secrets from the environment or a file', (service) => {
    const isSecret = ([key]: [string, string]): boolean => /PASSWORD|SECRET|TOKEN|_KEY/.test(key);
    const said = Object.entries(service.environment).filter(isSecret);
    expect(said.filter(([, value]) => !/^\$\{\w+.*\}$/.test(value))).toEqual([]);
    expect(service.environment['DATABASE_URL'] ?? '${x}').toContain('${');
  });

  it('is waited for in no circle', () => {
    const reach = (name: string, trail: readonly string[]): readonly string[] =>
      trail.includes(name)
        ? [[...trail, name].join(' → ')]
        : Object.keys(named(name).depends_on).flatMap((next) => reach(next, [...trail, name]));
    expect(services.flatMap(({ name }) => reach(name, []))).toEqual([]);
  });
});

describe('the topology', () => {
  it('has PostgreSQL 18, Kafka 4.1, and two of each service', () => {
    expect(named('database').image).toMatch(/^postgres:18/);
    expect(named('kafka').image).toMatch(/^apache\/kafka:4\.1/);
    for (const service of ['order', 'ledger', 'payout']) {
      const [first, second] = [named(`${service}-1`), named(`${service}-2`)];
      expect(second.command).toEqual(first.command);
      expect(second.environment['STUIVER_REPLICA']).not.toBe(first.environment['STUIVER_REPLICA']);
      expect(second.environment['PORT']).not.toBe(first.environment['PORT']);
    }
  });

  it.each(ours)('$name runs a program that is there', (service) => {
    const program = programOf(service);
    expect(isThere(program.replace(/dist\/main\.js$/, 'src/main.ts'))).toBe(true);
  });

  it.each(ours.filter((service) => programOf(service).includes('/bin/')))(
    '$name runs a command of the command line',
    ({ command = [] }) => {
      const verb = command[command.findIndex((word) => word.endsWith('.js')) + 1] ?? '';
      expect(readText(`apps/stuiver/src/commands/${verb}.ts`)).toContain(`words: ['${verb}']`);
    },
  );

  it.each(ours)('$name is told variables that are read', ({ environment }) => {
    const readers = [
      ...['order', 'ledger', 'payout', 'stuiver', 'demo-cafe'].map(
        (app) => `apps/${app}/src/config.ts`,
      ),
      ...['libs/service/src/environment.ts', 'apps/stuiver/src/commands/web.ts'],
    ];
    const known = readers.map(readText).join('\n');
    const unknown = Object.keys(environment).filter((key) => !known.includes(`${key}:`));
    expect(unknown).toEqual([]);
  });

  it('uses the volumes it declares, and files that are there', () => {
    const mounted = services.flatMap((service) =>
      service.volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const [files, used] = [
      mounted.filter((source) => source.startsWith('./')),
      mounted.filter((source) => !source.startsWith('./')),
    ];
    expect(files.filter((path) => !isThere(path))).toEqual([]);
    expect([...new Set(used)].sort()).toEqual([...volumes].sort());
  });

  it('lets no process read what another is told', () => {
    for (const { name, volumes: mounts } of ours.filter((service) => !isJob(service))) {
      const told = mounts.filter((mount) => mount.startsWith('told-'));
      expect(told.length).toBeLessThanOrEqual(1);
      for (const mount of told) {
        expect(mount).toMatch(/:ro$/);
        expect(mount).toContain(`told-${name.replace(/-\d$/, '')}:`);
      }
    }
  });

  it('is what Prometheus scrapes', () => {
    const { scrape_configs: jobs } = readYaml('ops/prometheus/prometheus.yml') as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const scraped = jobs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets));
    const told = ours.flatMap(({ environment }) => environment['PORT'] ?? []);
    expect(scraped.sort()).toEqual(told.map((port) => `127.0.0.1:${port}`).sort());
  });
});

describe('the Dockerfile', () => {
  const lines = readText('Dockerfile')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      word: line.split(' ', 1)[0] ?? '',
      rest: line.slice(line.indexOf(' ') + 1),
    }));
  const all = (word: string): readonly string[] =>
    lines.filter((line) => line.word === word).map(({ rest }) => rest);
  const last = lines.slice(lines.findLastIndex(({ word }) => word === 'FROM'));

  it('builds in one stage and runs in another, both of a named version', () => {
    expect(all('FROM')).toHaveLength(2);
    for (const from of all('FROM')) expect(from).toMatch(/^node:\d+-slim( AS \w+)?$/);
  });

  it('runs as a user that is not root, and leaves the program to root', () => {
    expect(last.filter(({ word }) => word === 'USER').map(({ rest }) => rest)).toEqual(['node']);
    const place = (word: string): number => last.findLastIndex((line) => line.word === word);
    expect(place('USER')).toBeGreaterThan(place('COPY'));
    expect(all('COPY').filter((copy) => copy.includes('--chown'))).toEqual([]);
  });

  it('starts the process itself: no shell in between, and it can be asked how it is', () => {
    for (const command of all('CMD')) expect(JSON.parse(command)).toContain('node');
    expect(all('HEALTHCHECK')).toHaveLength(1);
    expect(all('ENTRYPOINT')).toEqual([]);
  });

  it('takes what the lock file says, fetches nothing by hand, and carries no secret', () => {
    expect(all('RUN').join('\n')).toMatch(/npm ci/);
    expect(all('ADD')).toEqual([]);
    expect(all('RUN').join('\n')).not.toMatch(/curl|wget|sudo|chmod 777/);
    expect([...all('ENV'), ...all('ARG')].join('\n')).not.toMatch(/PASSWORD|SECRET|TOKEN|_KEY/);
    const ignored = readText('.dockerignore');
    for (const folder of ['.git', '.data', '**/node_modules']) expect(ignored).toContain(folder);
  });

  it('makes every folder that a volume is mounted on, for the user it runs as', () => {
    const made = all('RUN').join('\n');
    const targets = ours.flatMap(({ volumes: mounts }) =>
      mounts.map((mount) => mount.split(':')[1] ?? ''),
    );
    expect(targets.filter((target) => !made.includes(target))).toEqual([]);
  });
});
