import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import * as tidy from './tidy.js';

/*
 * A field whose key is not on the list is masked when it is logged, so whoever adds a log line finds out here and not
 * in an incident.
 */

const LEVELS = new Set(['info', 'warn', 'error']);

const safeKeys = new Set(
  [...tidy.read('libs/telemetry/src/safe-fields.ts').matchAll(/'([a-z_]+)'/g)].map((m) => m[1]),
);

const sources = tidy
  .listFiles()
  .filter((path) => /^(apps|libs)\/[^/]+\/src\/.*\.ts$/.test(path))
  .filter((path) => !/\.spec\.ts$|\/testing\/|^libs\/(telemetry|mini|host)\//.test(path));

/** `path: key` for each literal key in the fields of a call of a log. */
function loggedKeys(path: string, text: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isLog(node.expression)) {
      const [, fields] = node.arguments;
      if (fields !== undefined) found.push(...keysOf(fields).map((key) => `${path}: ${key}`));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** `log.info`, `this.options.log.error`, … */
function isLog(callee: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(callee) || !LEVELS.has(callee.name.text)) return false;
  return /(^|\.)log$/.test(callee.expression.getText());
}

function keysOf(fields: ts.Expression): readonly string[] {
  if (!ts.isObjectLiteralExpression(fields)) return [];
  return fields.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return keysOf(property.expression);
    return [property.name.getText().replaceAll("'", '')];
  });
}

describe('every field that is logged', () => {
  it('has a key on the list of libs/telemetry/src/safe-fields.ts', () => {
    const logged = sources.flatMap((path) => loggedKeys(path, tidy.read(path)));
    expect(logged.length).toBeGreaterThan(20);
    expect(logged.filter((line) => !safeKeys.has(line.split(': ')[1]))).toEqual([]);
  });

  it('is seen, also when it is spread', () => {
    const code = "this.options.log.warn('told', { ...{ payer_name: x }, tries, 'e-mail': y });";
    expect(loggedKeys('a.ts', code)).toEqual(['a.ts: payer_name', 'a.ts: tries', 'a.ts: e-mail']);
  });
});
