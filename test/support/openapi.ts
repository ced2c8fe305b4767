import { Ajv, type ValidateFunction } from 'ajv';

type Json = Record<string, unknown>;

/** What a description of an API says that an answer looks like. */
export class OpenApi {
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  private readonly paths: readonly (readonly [RegExp, string])[];
  private readonly known = new Map<string, ValidateFunction>();

  /** @param description  OpenAPI 3.0, which says `nullable` where JSON Schema says `null`. */
  constructor(private readonly description: Json) {
    this.ajv.addSchema(new Translation(description).of(description) as Json, 'api');
    const paths = Object.keys(description['paths'] as Json);
    this.paths = paths.map((path) => [
      new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
      path,
    ]);
  }

  /** What of the answer is not as described: a JSON path and the rule each. */
  objections(call: { method: string; path: string; status: number }, body: unknown): string[] {
    const schema = this.schemaOf(call);
    if (schema === undefined) return [`${call.method} ${call.path} is not described`];
    let validate = this.known.get(schema);
    if (validate === undefined) {
      validate = this.ajv.compile({ $ref: `api#${schema}` });
      this.known.set(schema, validate);
    }
    if (validate(body)) return [];
    const found = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf');
    return [...new Set(found.map((each) => `${each.instancePath} ${each.message ?? ''}`))];
  }

  private schemaOf(call: { method: string; path: string; status: number }): string | undefined {
    // What is exact goes before what holds a name.
    const fitting = this.paths.filter(([pattern]) => pattern.test(call.path));
    const [, path] =
      fitting.sort(([, a], [, b]) => a.split('{').length - b.split('{').length)[0] ?? [];
    if (path === undefined) return undefined;
    const method = call.method.toLowerCase();
    const operations = (this.description['paths'] as Record<string, Json>)[path] ?? {};
    if (!(method in operations)) return undefined;
    const steps = ['paths', path, method, 'responses', call.status === 200 ? '200' : 'default'];
    const pointer = [...steps, 'content', 'application/json', 'schema'];
    return pointer.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  }
}

/** To JSON Schema: `nullable`, and "one of these objects", told apart by what each calls itself. */
class Translation {
  private readonly schemas: Record<string, Json>;

  constructor(description: Json) {
    this.schemas = (description['components'] as { schemas: Record<string, Json> }).schemas;
  }

  of(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((each) => this.of(each));
    if (typeof node !== 'object' || node === null) return node;
    const { nullable, anyOf, ...rest } = node as Json;
    const translated = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, this.of(value)]),
    );
    const choice = Array.isArray(anyOf) ? { anyOf: this.choice(anyOf as readonly Json[]) } : {};
    const whole = { ...translated, ...choice };
    return nullable === true ? { anyOf: [whole, { type: 'null' }] } : whole;
  }

  private choice(branches: readonly Json[]): readonly unknown[] {
    const named = branches.map((branch) => [this.nameOf(branch), branch] as const);
    const objects = named.filter(([name]) => name !== undefined);
    const others = named.filter(([name]) => name === undefined);
    const each = objects.map(([name, branch]) => ({
      if: { properties: { object: { const: name } } },
      then: branch,
    }));
    const names = objects.map(([name]) => name);
    const known = { type: 'object', properties: { object: { enum: names } }, allOf: each };
    const left = others.map(([, branch]) => this.of(branch));
    return objects.length === 0 ? left : [...left, known];
  }

  /** What an object of the branch's schema calls itself. */
  private nameOf(branch: Json): string | undefined {
    const reference = branch['$ref'];
    if (typeof reference !== 'string') return undefined;
    const schema = this.schemas[reference.slice(reference.lastIndexOf('/') + 1)];
    const { object } = (schema?.['properties'] ?? {}) as { object?: { enum?: string[] } };
    return object?.enum?.[0];
  }
}
