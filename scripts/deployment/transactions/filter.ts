/** Filter expressions as the query builder sends them, evaluated on one document. */
import { FunctionError } from "../lib";
import { decodeNumber, compareValues, readField, encodeNumber, type Json, type JsonObject } from "../values";

type Value = Json | undefined;

const COMPARISONS: Record<string, (order: number) => boolean> = {
  $eq: (order) => order === 0,
  $neq: (order) => order !== 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
};

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  // Two int64 come as bigint; the operators are the same, and mixed kinds are refused before.
  $add: (a, b) => a + b,
  $sub: (a, b) => a - b,
  $mul: (a, b) => a * b,
  $div: (a, b) => a / b,
  $mod: (a, b) => a % b,
};

/** Whether `document` passes `expression`. */
export const passesFilter = (expression: Json, document: JsonObject): boolean =>
  evaluate(expression, document) === true;

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
  if (arithmetic) {
    const [a, b] = evaluatePair(operand, document).map(decodeNumber);
    if (a == null || b == null || typeof a !== typeof b)
      throw new FunctionError(`Filter ${operator} needs two numbers of one kind.`);
    return encodeNumber(arithmetic(a as number, b as number));
  }
  switch (operator) {
    case "$and":
      return (operand as Json[]).every((part) => evaluate(part, document) === true);
    case "$or":
      return (operand as Json[]).some((part) => evaluate(part, document) === true);
    case "$not":
      return evaluate(operand, document) !== true;
    case "$neg": {
      const value = decodeNumber(evaluate(operand, document));
      if (value === null) throw new FunctionError("Filter $neg needs a number.");
      return encodeNumber(-value);
    }
    default:
      // `$integer`, `$bytes`, `$float`: a value, not an operator.
      return expression;
  }
}

const isUndefined = (value: Json): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "$undefined" in value;

function evaluatePair(operands: Json, document: JsonObject): [Value, Value] {
  const [a, b] = operands as Json[];
  return [evaluate(a!, document), evaluate(b!, document)];
}
