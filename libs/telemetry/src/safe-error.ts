import { safeText } from './safe-fields.js';

export interface SafeError {
  readonly type: string;
  readonly message: string;
  /** SQLSTATE or errno. */
  readonly code?: string;
  /** The constraint that refused, as PostgreSQL names it. */
  readonly constraint?: string;
  /** Where it was thrown: lines of code without the message. */
  readonly stack?: string;
  readonly cause?: SafeError;
}

const CAUSES_MAX = 3;
const STACK_LINES_MAX = 12;

/**
 * What may be said of an error: never its other properties, as database errors carry the row and the parameters. The
 * text of a JSON parser quotes what it read, so it is left out.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!isErrorLike(error)) return { type: typeof error, message: safeText(String(error)) };
  const { name, cause } = error;
  return {
    type: safeText(name),
    message: name === 'SyntaxError' ? '[masked: quotes its input]' : safeText(error.message),
    ...textField('code', error.code),
    ...textField('constraint', error.constraint),
    ...stackField(error.stack),
    ...(cause === undefined || depth >= CAUSES_MAX ? {} : { cause: safeError(cause, depth + 1) }),
  };
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly code?: unknown;
  readonly constraint?: unknown;
}

/** By shape: an error of another realm is no instance of our `Error`. */
function isErrorLike(error: unknown): error is ErrorLike {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    typeof error.message === 'string' &&
    'name' in error &&
    typeof error.name === 'string'
  );
}

function textField(name: 'code' | 'constraint', value: unknown): Partial<SafeError> {
  return typeof value === 'string' ? { [name]: safeText(value) } : {};
}

function stackField(stack: unknown): Partial<SafeError> {
  if (typeof stack !== 'string') return {};
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return { stack: frames.slice(0, STACK_LINES_MAX).map(safeText).join('\n') };
}
