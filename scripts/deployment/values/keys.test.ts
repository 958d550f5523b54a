import { compareValues as reference, convexToJson, getConvexSize, type Value } from "convex/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measureDocument } from "./document-size";
import { decodeId, encodeId, makeInternalId } from "./ids";
import type { Json, JsonObject } from "./json";
import { compareValues, encodeKey, findPrefixEnd } from "./keys";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4 }),
  fc
    .array(fc.constantFrom("\0", "\u0001", "a", "é", "\uffff", "😀", "𐀀"), { maxLength: 4 })
    .map((parts) => parts.join("")),
);
const name = fc.stringMatching(/^[a-z]{1,3}$/);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    int64,
    fc.double(),
    fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1, -1),
    fc.boolean(),
    text,
    fc.uint8Array({ maxLength: 4 }).map((bytes) => bytes.slice().buffer),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const json = (value: Value | undefined) => (value === undefined ? undefined : convexToJson(value));

describe("keys", () => {
  test("order as values do", () => {
    fc.assert(
      fc.property(fc.option(value, { nil: undefined }), fc.option(value, { nil: undefined }), (a, b) => {
        expect(Math.sign(compareValues(json(a), json(b)))).toBe(Math.sign(reference(a, b)));
      }),
      { numRuns: 5_000 },
    );
  });

  test("order as tuples do, and no tuple's key continues another's", () => {
    const tuple = fc.array(fc.oneof(text, value), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(tuple, tuple, (a, b) => {
        const [keyA, keyB] = [encodeKey(a.map(json)), encodeKey(b.map(json))];
        const order = reference(a[0], b[0]) || reference(a[1], b[1]);
        expect(Math.sign(Buffer.compare(keyA, keyB))).toBe(Math.sign(order));
        if (order !== 0) expect(keyB.subarray(0, keyA.length).equals(keyA)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("an end after a prefix parts the keys that start with it from those above", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 3, min: 250 }),
        fc.uint8Array({ maxLength: 4, min: 250 }),
        (prefix, key) => {
          const end = findPrefixEnd(prefix);
          const starts = Buffer.compare(key.subarray(0, prefix.length), prefix) === 0;
          const within = Buffer.compare(key, prefix) >= 0 && (end === null || Buffer.compare(key, end) < 0);
          expect(within).toBe(starts);
        },
      ),
    );
  });
});

describe("ids", () => {
  const tableNumber = fc.integer({ min: 1, max: 2 ** 32 - 1 });
  const internal = fc.uint8Array({ minLength: 16, maxLength: 16 });

  test("come back as they were, 31 to 37 lower-case characters", () => {
    fc.assert(
      fc.property(tableNumber, internal, (number, bytes) => {
        const id = encodeId(number, bytes);
        expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{31,37}$/);
        expect(decodeId(id)).toEqual({ tableNumber: number, internal: Buffer.from(bytes) });
      }),
    );
  });

  test("a changed character makes no other id of the same document's neighbour", () => {
    fc.assert(
      fc.property(
        tableNumber,
        internal,
        fc.nat(30),
        fc.constantFrom(..."0123456789abcdefghjkmnpqrstvwxyz"),
        (number, bytes, at, character) => {
          const id = encodeId(number, bytes);
          if (id[at] === character) return;
          expect(decodeId(id.slice(0, at) + character + id.slice(at + 1))).toBeNull();
        },
      ),
    );
  });

  test("other text is none", () => {
    const id = encodeId(10_001, makeInternalId(Date.now()));
    for (const other of ["", id.toUpperCase(), `${id}0`, id.slice(1), id.replace(/.$/, "u"), "é".repeat(32)])
      expect(decodeId(other)).toBeNull();
  });
});

describe("document limits", () => {
  test("sizes are those of the convex package", () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }), (document) => {
        expect(measureDocument(convexToJson(document) as JsonObject)).toBe(getConvexSize(document));
      }),
    );
  });

  const nested = (levels: number): Json => (levels === 0 ? 1 : [nested(levels - 1)]);
  test.each<[string, JsonObject, string]>([
    ["too large", { a: "x".repeat(1024 * 1024) }, "Value is too large (1.00 MiB > maximum size 1 MiB)"],
    ["too nested", { a: nested(16) }, "Document is too nested (nested 17 levels deep > maximum nesting 16)"],
    [
      "a long array",
      { a: Array.from({ length: 8_193 }, () => 1) },
      "Array length is too long (8193 > maximum length 8192)",
    ],
    [
      "many fields",
      Object.fromEntries(Array.from({ length: 1_025 }, (_, n) => [`f${n}`, 1])),
      "Object has too many fields (1025 > maximum number 1024)",
    ],
    ["a reserved name", { $a: 1 }, "starts with a '$', which is reserved"],
    ["a name beyond ASCII", { é: 1 }, "Field names can only contain non-control ASCII characters"],
    ["a system's name", { _a: 1 }, "which is only allowed for system fields like '_id'"],
    ["half a surrogate pair", { a: ["\uD800"] }, "unpaired surrogate"],
    ["a long name", { ["n".repeat(1_025)]: 1 }, "exceeds maximum field name length 1024"],
  ])("%s is refused", (_, document, message) => {
    expect(() => measureDocument(document)).toThrow(message);
  });

  test("what is just within the limits passes", () => {
    expect(() =>
      measureDocument({
        a: nested(15),
        b: Array.from({ length: 8_192 }, () => 1),
        ["n".repeat(1_024)]: 1,
        o: { "": 1, _a: 2 },
        "": "\u{1F600}",
      }),
    ).not.toThrow();
  });
});
