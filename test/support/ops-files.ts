import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { REPOSITORY_ROOT } from '@stuiver/testing';
import { parse } from 'yaml';
import { z } from 'zod';

/** What operators run, as it lies in the repository. */

export function readText(path: string): string {
  return readFileSync(join(REPOSITORY_ROOT, path), 'utf8');
}

export function isThere(path: string): boolean {
  return existsSync(join(REPOSITORY_ROOT, path));
}

/** YAML 1.2 with the merge key that Compose knows. */
export function readYaml(path: string): unknown {
  return parse(readText(path), { merge: true, strict: true, uniqueKeys: true }) as unknown;
}

const Alert = z.strictObject({
  alert: z.string().regex(/^Stuiver[A-Za-z]+$/),
  expr: z.string(),
  for: z.string().regex(/^\d+[smh]$/),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
});
const AlertRules = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Alert) })),
});

export type AlertRule = z.infer<typeof Alert>;

export function alerts(): readonly AlertRule[] {
  const { groups } = AlertRules.parse(readYaml('ops/prometheus/alerts.yml'));
  return groups.flatMap(({ rules }) => rules);
}

const Dashboard = z.object({
  uid: z.literal('stuiver'),
  panels: z.array(
    z.object({
      title: z.string(),
      description: z.string(),
      targets: z.array(z.object({ expr: z.string() })).min(1),
    }),
  ),
});

export function dashboard(): z.infer<typeof Dashboard> {
  return Dashboard.parse(JSON.parse(readText('ops/grafana/dashboards/stuiver.json')));
}

/** Every expression that Prometheus or Grafana evaluates, with where it stands. */
export function expressions(): readonly { where: string; expr: string }[] {
  return [
    ...alerts().map(({ alert, expr }) => ({ where: alert, expr })),
    ...dashboard().panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ where: title, expr })),
    ),
  ];
}

export interface ParsedExpression {
  /** Where PromQL's own grammar does not follow; empty for a good one. */
  readonly errorsAt: readonly number[];
  readonly metrics: readonly string[];
}

/** By the grammar that Prometheus' own pages use. */
export function parsePromql(expr: string): ParsedExpression {
  const errorsAt: number[] = [];
  const metrics = new Set<string>();
  parser.parse(expr).iterate({
    enter: ({ name, type, from, to, node }) => {
      if (type.isError) errorsAt.push(from);
      const isMetric = name === 'Identifier' && node.parent?.name === 'VectorSelector';
      if (isMetric) metrics.add(expr.slice(from, to));
    },
  });
  return { errorsAt, metrics: [...metrics] };
}

export function runbooks(): readonly string[] {
  const names = readdirSync(join(REPOSITORY_ROOT, 'ops/runbooks'));
  return names.map((name) => `ops/runbooks/${name}`);
}

/** Names of the series in a text exposition, as a query would write them. */
export function seriesOf(exposition: string): ReadonlySet<string> {
  const types = [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  );
}
