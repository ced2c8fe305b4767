import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { isStorableText, shorten } from './strict-json.js';

export type DtoClass<Dto extends object = object> = new () => Dto;
export type ParameterLocation = 'body' | 'query' | 'path';

/**
 * The plain object as an instance of its DTO class, every rule of the class checked.
 *
 * @throws Refusal PARAM_ERROR with `field` (its path from the root), `rule`, `value`, `location`. Fields that the class
 * does not name are refused, so a misspelt one is never silently ignored.
 */
export function validate<Dto extends object>(
  dtoClass: DtoClass<Dto>,
  plain: Record<string, unknown>,
  location: ParameterLocation,
): Dto {
  const dto = plainToInstance(dtoClass, plain);
  const [first] = validateSync(dto, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false },
  });
  if (first !== undefined) throw new Refusal('PARAM_ERROR', { ...explain(first, ''), location });
  return dto;
}

/** One text from the path or the query, checked alone. @throws Refusal PARAM_ERROR */
export function validText(
  text: unknown,
  rule: { field: string; pattern: RegExp; says: string; location: ParameterLocation },
): string {
  if (typeof text === 'string' && isStorableText(text) && rule.pattern.test(text)) return text;
  const { field, says, location } = rule;
  throw new Refusal('PARAM_ERROR', { field, rule: says, value: show(text), location });
}

function explain(
  error: ValidationError,
  parent: string,
): { field: string; rule: string; value: string } {
  const field = fieldPath(parent, error.property);
  const [child] = error.children ?? [];
  if (child !== undefined) return explain(child, field);
  return { field, rule: ruleOf(error), value: show(error.value) };
}

function fieldPath(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return shorten(parent === '' ? property : `${parent}.${property}`);
}

function ruleOf({ constraints = {}, property, value }: ValidationError): string {
  if ('whitelistValidation' in constraints) return 'is not a known field';
  if (value === undefined) return 'is required';
  // Decorators run from the last to the first: the rule written first, the type, is the last one here.
  const text = Object.values(constraints).at(-1) ?? 'is not valid';
  return text.replace(`each value in ${property} `, 'each value ').replace(`${property} `, '');
}

function show(value: unknown): string {
  if (value === undefined) return '';
  return shorten(typeof value === 'string' ? value : JSON.stringify(value));
}
