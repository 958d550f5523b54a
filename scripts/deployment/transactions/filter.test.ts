import { describe, expect, test } from "vitest";
import { encodeNumber, type Json } from "../values";
import { passesFilter } from "./filter";
import { collect, freshStore, mutate, tableScan } from "./testing";

const field = (path: string): Json => ({ $field: path });
const literal = (value: Json): Json => ({ $literal: value });
const undefinedLiteral = literal({ $undefined: null });
const int64 = (value: bigint): Json => encodeNumber(value);
const document = { kind: "note", done: true, count: 3, whole: int64(7n), list: [1], nested: { at: 1.5 }, none: null };

describe("a filter takes booleans only", () => {
  test.each<[string, Json, string]>([
    ["a text", literal("yes"), 'Cannot use value "yes" (type String) as a Boolean'],
    ["a field that is a text", field("kind"), 'Cannot use value "note" (type String) as a Boolean'],
    ["an absent field", field("nope"), "Cannot use value undefined (type undefined) as a Boolean"],
    ["undefined", undefinedLiteral, "Cannot use value undefined (type undefined) as a Boolean"],
    ["null", field("none"), "Cannot use value null (type Null) as a Boolean"],
    ["a number", field("count"), "Cannot use value 3.0 (type Float64) as a Boolean"],
    ["an int64", field("whole"), "Cannot use value 7 (type Int64) as a Boolean"],
    ["a list", field("list"), "Cannot use value [1.0] (type Array) as a Boolean"],
    ["an object", field("nested"), "Cannot use value {at: 1.5} (type Object) as a Boolean"],
    ["bytes", literal({ $bytes: "AQI=" }), 'Cannot use value b"AQI=" (type Bytes) as a Boolean'],
    ["not of an absent field", { $not: field("nope") }, "Cannot use value undefined (type undefined) as a Boolean"],
    ["and of a text first", { $and: [field("kind"), literal(true)] }, 'value "note" (type String) as a Boolean'],
    ["and of a text last", { $and: [literal(true), field("kind")] }, 'value "note" (type String) as a Boolean'],
    ["or of an absent field first", { $or: [field("nope"), literal(true)] }, "value undefined (type undefined)"],
    ["or of null last", { $or: [literal(false), field("none")] }, "value null (type Null) as a Boolean"],
  ])("%s is refused", (_what, expression, message) => {
    expect(() => passesFilter(expression, document)).toThrow(message);
  });

  test.each<[string, Json, boolean]>([
    ["and ends at the first false", { $and: [literal(false), field("nope")] }, false],
    ["or ends at the first true", { $or: [field("done"), field("nope")] }, true],
    ["and of nothing is true", { $and: [] }, true],
    ["or of nothing is false", { $or: [] }, false],
    ["not", { $not: field("done") }, false],
  ])("%s", (_what, expression, passes) => {
    expect(passesFilter(expression, document)).toBe(passes);
  });

  test("in a query it fails at the first document that is reached, and not without one", () => {
    const store = freshStore();
    const query = tableScan("notes", "asc", [{ filter: { $not: field("done") } }]);
    expect(collect(store.begin("read"), query)).toEqual([]);
    mutate(store, (tx) => tx.insert("", "notes", { kind: "note" }));
    expect(() => collect(store.begin("read"), query)).toThrow(
      "Cannot use value undefined (type undefined) as a Boolean",
    );
  });
});

describe("arithmetic takes two numbers of one type", () => {
  const [most, least] = [int64(2n ** 63n - 1n), int64(-(2n ** 63n))];
  test.each<[string, Json, string]>([
    ["a text", { $add: [field("kind"), literal(1)] }, 'Cannot add "note" (type String) and 1.0 (type Float64)'],
    [
      "an absent field",
      { $sub: [literal(1), field("nope")] },
      "Cannot subtract 1.0 (type Float64) and undefined (type undefined)",
    ],
    ["two types", { $mul: [field("whole"), field("count")] }, "Cannot multiply 7 (type Int64) and 3.0 (type Float64)"],
    ["an int64 divided by zero", { $div: [field("whole"), literal(int64(0n))] }, "Cannot divide 7 by zero"],
    ["the rest of a division by zero", { $mod: [field("whole"), literal(int64(0n))] }, "Cannot mod 7 by zero"],
    [
      "a sum that is too large",
      { $add: [literal(most), literal(int64(1n))] },
      "Cannot add 9223372036854775807 and 1: the result is out of range for Int64",
    ],
    [
      "a quotient that is too large",
      { $div: [literal(least), literal(int64(-1n))] },
      "Cannot divide -9223372036854775808 and -1: the result is out of range for Int64",
    ],
    ["a negated text", { $neg: field("kind") }, 'Cannot negate "note" (type String)'],
    ["a negated absent field", { $neg: field("nope") }, "Cannot negate undefined (type undefined)"],
    [
      "a negated least int64",
      { $neg: literal(least) },
      "Cannot negate -9223372036854775808: the result is out of range for Int64",
    ],
  ])("%s is refused", (_what, expression, message) => {
    expect(() => passesFilter({ $eq: [expression, literal(0)] }, document)).toThrow(message);
  });

  test.each<[string, Json, Json]>([
    ["floats divided by zero are infinite", { $div: [literal(1), literal(0)] }, encodeNumber(Infinity)],
    ["int64 divide towards zero", { $div: [literal(int64(-7n)), literal(int64(2n))] }, int64(-3n)],
    ["the rest has the sign of what is divided", { $mod: [literal(-7), literal(2)] }, -1],
    ["a negated zero", { $neg: literal(0) }, encodeNumber(-0)],
  ])("%s", (_what, expression, value) => {
    expect(passesFilter({ $eq: [expression, literal(value)] }, document)).toBe(true);
  });
});

test.each<[string, Json]>([
  ["an absent field is below null", { $lt: [field("nope"), field("none")] }],
  ["an int64 is below every float", { $lt: [field("whole"), literal(-1)] }],
  ["an int64 equals no float", { $neq: [field("whole"), literal(7)] }],
  ["an absent field equals undefined", { $eq: [field("nope"), undefinedLiteral] }],
  ["a text is above a boolean", { $gt: [field("kind"), field("done")] }],
])("values of two types compare by their types: %s", (_what, expression) => {
  expect(passesFilter(expression, document)).toBe(true);
});

test.each([
  [1e16, "1e16"],
  [-1.5e300, "-1.5e300"],
  [0.00001, "1e-5"],
  [0.0001, "0.0001"],
  [-0, "-0.0"],
  [NaN, "NaN"],
  [-Infinity, "-inf"],
])("the float %s is displayed as %s", (value, text) => {
  expect(() => passesFilter(literal(encodeNumber(value)), {})).toThrow(`Cannot use value ${text} (type Float64)`);
});
