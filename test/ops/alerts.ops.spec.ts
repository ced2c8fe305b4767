import { describe, expect, it } from '@jest/globals';
import {
  alerts,
  dashboard,
  expressions,
  isThere,
  parsePromql,
  readText,
  readYaml,
  runbooks,
} from '../support/ops-files.js';

describe('alerts', () => {
  it.each(alerts())('$alert has a runbook page that names it', ({ alert, annotations }) => {
    expect(isThere(annotations.runbook)).toBe(true);
    const page = readText(annotations.runbook);
    expect(page).toContain(`Alert \`${alert}\``);
    for (const part of ['**What it means.**', '**Look.**', '**Do.**', '**It is over**']) {
      expect(page).toContain(part);
    }
  });

  it('are those that a runbook is about, and no page is about none', () => {
    const wanted = alerts().map(({ annotations }) => annotations.runbook);
    expect([...runbooks()].sort()).toEqual([...wanted].sort());
  });

  it('watch what was asked for', () => {
    expect(alerts().map(({ alert }) => alert)).toEqual([
      'StuiverRelayLag',
      'StuiverAttemptStuck',
      'StuiverTieOutUnexplained',
      'StuiverLedgerHeadNotMoving',
      'StuiverNotificationsExhausted',
      'StuiverReviewsOverdue',
      'StuiverDeadLetters',
      'StuiverTrialBalanceOff',
      'StuiverClearingOverdue',
      'StuiverSafeguardingShort',
      'StuiverBookingsDisagree',
    ]);
  });
});

describe('the dashboard', () => {
  it('shows every metric that an alert is about', () => {
    const shown = new Set(
      dashboard().panels.flatMap(({ targets }) =>
        targets.flatMap(({ expr }) => parsePromql(expr).metrics),
      ),
    );
    const watched = alerts().flatMap(({ expr }) => parsePromql(expr).metrics);
    expect(watched.filter((metric) => !shown.has(metric))).toEqual([]);
  });

  it('names runbooks that are there', () => {
    const named = dashboard().panels.flatMap(
      ({ description }) => description.match(/ops\/runbooks\/[\w-]+\.md/g) ?? [],
    );
    expect(named.filter((page) => !isThere(page))).toEqual([]);
  });
});

describe('every expression', () => {
  it.each(expressions())('of $where is PromQL and reads a metric', ({ expr }) => {
    const { errorsAt, metrics } = parsePromql(expr);
    expect(errorsAt).toEqual([]);
    expect(metrics.length).toBeGreaterThan(0);
  });

  it('that is not PromQL is seen', () => {
    expect(parsePromql('max by (service (stuiver_outbox_unsent) > 3').errorsAt).not.toEqual([]);
  });
});

describe('what Prometheus and Grafana are told', () => {
  it('leads to files that are there', () => {
    const { rule_files: files } = readYaml('ops/prometheus/prometheus.yml') as {
      rule_files: string[];
    };
    expect(files).toEqual(['alerts.yml']);
    for (const file of files) expect(isThere(`ops/prometheus/${file}`)).toBe(true);
  });

  it.each([
    'ops/grafana/provisioning/datasources/prometheus.yml',
    'ops/grafana/provisioning/dashboards/stuiver.yml',
  ])('%s is of the first version of its kind', (path) => {
    expect(readYaml(path)).toMatchObject({ apiVersion: 1 });
  });
});
