/** Filter expressions as the query builder sends them, evaluated on one document. Errors are the platform's. */
import { FunctionError } from "../lib";
import {
  compareValues,
  decodeNumber,
  displayValue,
  encodeNumber,
  type Json,
  type JsonObject,
  nameType,
  readField,
} from "../values";

type Value = Json | undefined;

const COMPARISONS: Record<string, (order: number) => boolean> = {
  $eq: (order) => order === 0,
  $neq: (order) => order !== 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
};

interface Arithmetic {
  verb: string;
  /** Two int64 come as bigint; the operators are the same, and mixed kinds are refused before. */
  compute: (a: number, b: number) => number;
}

const ARITHMETIC: Record<string, Arithmetic> = {
  $add: { verb: "add", compute: (a, b) => a + b },
  $sub: { verb: "subtract", compute: (a, b) => a - b },
  $mul: { verb: "multiply", compute: (a, b) => a * b },
  $div: { verb: "divide", compute: (a, b) => a / b },
  $mod: { verb: "mod", compute: (a, b) => a % b },
};

/** Whether `document` passes `expression`. A filter that gives no boolean fails: it was not meant to pass nothing. */
export const passesFilter = (expression: Json, document: JsonObject): boolean => evaluateBoolean(expression, document);

function evaluate(expression: Json, document: JsonObject): Value {
  if (typeof expression !== "object" || expression === null || Array.isArray(expression)) return expression;
  const [operator] = Object.keys(expression);
  if (operator === undefined) return expression;
  const operand = expression[operator]!;
  if (operator === "$literal") return isUndefined(operand) ? undefined : operand;
  if (operator === "$field") return readField(document, operand as string);
  const comparison = COMPARISONS[operator];
  if (comparison) {
    const [a, b] = evaluatePair(operand, document);
    return comparison(compareValues(a, b));
  }
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic) return compute(arithmetic, ...evaluatePair(operand, document));
  switch (operator) {
    case "$and":
      return (operand as Json[]).every((part) => evaluateBoolean(part, document));
    case "$or":
      return (operand as Json[]).some((part) => evaluateBoolean(part, document));
    case "$not":
      return !evaluateBoolean(operand, document);
    case "$neg":
      return negate(evaluate(operand, document));
    default:
      // `$integer`, `$bytes`, `$float`: a value, not an operator.
      return expression;
  }
}

function evaluateBoolean(expression: Json, document: JsonObject): boolean {
  const value = evaluate(expression, document);
  if (typeof value === "boolean") return value;
  throw new FunctionError(`Cannot use value ${describeValue(value)} as a Boolean`);
}

function compute({ verb, compute }: Arithmetic, left: Value, right: Value): Json {
  const [a, b] = [decodeNumber(left), decodeNumber(right)];
  if (a === null || b === null || typeof a !== typeof b)
    throw new FunctionError(`Cannot ${verb} ${describeValue(left)} and ${describeValue(right)}`);
  if (b === 0n && (verb === "divide" || verb === "mod")) throw new FunctionError(`Cannot ${verb} ${a} by zero`);
  const result: number | bigint = compute(a as number, b as number);
  if (isOutOfRange(result))
    throw new FunctionError(`Cannot ${verb} ${a} and ${b}: the result is out of range for Int64`);
  return encodeNumber(result);
}

function negate(value: Value): Json {
  const number = decodeNumber(value);
  if (number === null) throw new FunctionError(`Cannot negate ${describeValue(value)}`);
  const result = -number;
  if (isOutOfRange(result)) throw new FunctionError(`Cannot negate ${number}: the result is out of range for Int64`);
  return encodeNumber(result);
}

const isOutOfRange = (value: number | bigint): boolean =>
  typeof value === "bigint" && BigInt.asIntN(64, value) !== value;

const describeValue = (value: Value): string => `${displayValue(value)} (type ${nameType(value)})`;

const isUndefined = (value: Json): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "$undefined" in value;

function evaluatePair(operands: Json, document: JsonObject): [Value, Value] {
  const [a, b] = operands as Json[];
  return [evaluate(a!, document), evaluate(b!, document)];
}
