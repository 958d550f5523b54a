import fc from "fast-check";
import { expect, test } from "vitest";
import { compact, itemsOf, membersOf, mergePatch } from "./jsonText";
import { isObject, type Json } from "../rules";

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));
const key = fc.oneof(
  fc.constantFrom("a", "b", "__proto__", "ü", "1", '"', "\\"),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const object = fc
  .letrec<{ value: unknown; object: object }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, "x,}]", '\\"', 1.5, []),
      tie("object"),
      fc.array(tie("value"), { maxLength: 3 }),
    ),
    object: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  }))
  .object.map((value) => JSON.stringify(value));

/** RFC 7396's own pseudo-code, on values. */
function reference(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, reference(result.get(name), value));
  }
  return Object.fromEntries(result);
}

test("any JSON stays the same, however it is spaced", () => {
  fc.assert(
    fc.property(json, fc.constantFrom(0, 1, "\t", "\r\n"), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), null, indent);
      expect(compact(spaced)).toBe(text);
      expect(compact(` \n${spaced}\t`)).toBe(text);
    }),
  );
});

test("what JavaScript values would lose is kept", () => {
  const text =
    '{"10":1,"2":-0,"big":123456789012345678901,"over":1e400,"price":1.50,"t":"\\u00e9\\/\\ud800","é":[1E5]}';
  expect(compact(text)).toBe(text);
  expect(mergePatch(text, '{"2":null,"big":1}')).toBe(
    text.replace('"2":-0,', "").replace("123456789012345678901", "1"),
  );
});

test("the last of two equal keys counts, whichever way they are written", () => {
  expect(compact('{"a":1,"\\u0061":{"b":1,"b":2},"c":[{"d":1,"d":2}]}')).toBe('{"\\u0061":{"b":2},"c":[{"d":2}]}');
});

test("members are found by key, at the top only", () => {
  expect([...membersOf('{ "a" : {"b": [1, {"a": 2}]} , "__proto__" : null, "c" : "}" }')]).toEqual([
    ["a", '{"b":[1,{"a":2}]}'],
    ["__proto__", "null"],
    ["c", '"}"'],
  ]);
  expect(membersOf("[1]").size).toBe(0);
  expect(itemsOf(' [ {"a": [1, 2]} , "]" , 12345678901234567890, [] ] ')).toEqual([
    '{"a":[1,2]}',
    '"]"',
    "12345678901234567890",
    "[]",
  ]);
  expect(itemsOf("[]")).toEqual([]);
});

test("merging is RFC 7396: nothing that the patch does not name is lost, and a second time changes nothing more", () => {
  fc.assert(
    fc.property(fc.oneof(object, json, fc.constant(null)), fc.oneof(object, json), (target, patch) => {
      const merged = mergePatch(target, patch);
      expect(JSON.parse(merged)).toEqual(
        reference(target === null ? undefined : (JSON.parse(target) as Json), JSON.parse(patch) as Json),
      );
      expect(mergePatch(merged, patch)).toBe(merged);
    }),
  );
});
