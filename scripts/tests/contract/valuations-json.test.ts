/**
 * convex/rest/README.md §0 (input) and §4.4: what users send comes back as they sent it, merges field by field, and has
 * its limits.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { call, newAccount, type Account } from "../support/api";

let ada: Account;
beforeAll(async () => {
  ada = await newAccount();
});

/** JSON text of a field of an answer, exactly as it stands on the wire. */
const wireField = (text: string, name: string, next: string): string => {
  const from = text.indexOf(`"${name}":`) + name.length + 3;
  return text.slice(from, text.lastIndexOf(`,"${next}":`));
};
const post = (body: string) => call("POST", "/api/sessions", { auth: ada.session, body });
const patch = (reportId: string, body: unknown) =>
  call("PATCH", `/api/sessions/${reportId}`, { auth: ada.session, body });
const get = (reportId: string) => call("GET", `/api/sessions/${reportId}`, { auth: ada.session });

const ODD: [what: string, json: string][] = [
  ["keys in every script", '{"größe":1,"日本":{"キー":"値"},"مفتاح":true,"🎉":["🎊"],"":0," ":1,"a b":2}'],
  [
    "keys that databases and languages reserve",
    '{"$set":{"$gt":1},"_id":1,"__proto__":{"admin":true},"constructor":{"prototype":1},"toString":"x","hasOwnProperty":false,"a.b":1}',
  ],
  ["keys that look like numbers, in their order", '{"10":1,"9":2,"1":{"2":3,"1":4}}'],
  [
    "numbers beyond doubles",
    '{"big":9007199254740993,"huge":123456789012345678901234567890,"long":0.1234567890123456789,"zero":-0,"over":1e400,"most":1e308,"least":5e-324}',
  ],
  ["numbers as they are written", '{"price":1.50,"e":1E5,"plus":1e+2}'],
  ["escapes and lone surrogates", '{"text":"\\u0000\\u001f\\"\\\\\\/\\ud800 \\udc00\\u2028","k\\u00e9y":1}'],
  ["markup and control characters", '{"html":"<script>alert(1)</script>\\u0007","sql":"\'; drop table x; --"}'],
  ["every kind of value", '{"a":null,"b":true,"c":[],"d":{},"e":[[[]]],"f":"","g":[null,{"h":null}]}'],
];

describe("free-form JSON", () => {
  test.each(ODD)("%s: byte for byte", async (_what, json) => {
    const created = await post(`{"form_data":${json},"collected_data":${json},"conversation_history":[${json}]}`);
    expect(created.status, created.text).toBe(201);
    const restored = await get(created.body.report_id);
    expect(restored.text).toBe(created.text);
    expect(wireField(restored.text, "form_data", "collected_data")).toBe(json);
    expect(wireField(restored.text, "collected_data", "conversation_history")).toBe(json);
    expect(wireField(restored.text, "conversation_history", "valuation_result")).toBe(`[${json}]`);
    const result = await patch(created.body.report_id, `{"valuation_result":${json}}`);
    expect(wireField(result.text, "valuation_result", "business_card_token")).toBe(json);
    const listed = await call("GET", "/api/sessions?limit=1", { auth: ada.session });
    expect(listed.text).toContain(`"form_data":${json},"valuation_result":${json}`);
    // A change beside it leaves it as it is.
    const beside = await patch(created.body.report_id, '{"form_data":{"own":1}}');
    expect(wireField(beside.text, "form_data", "collected_data")).toBe(`${json.slice(0, -1)},"own":1}`);
  });

  test("white space between tokens is not kept, inside strings it is", async () => {
    const { text } = await post('{ "form_data" : { "a b" : [ 1 , 2 ] ,\n\t"c" : " d " } }');
    expect(wireField(text, "form_data", "collected_data")).toBe('{"a b":[1,2],"c":" d "}');
  });

  test("a key given twice counts once, the last time", async () => {
    const { text } = await post('{"form_data":{"a":0},"form_data":{"a":1,"b":2,"a":{"c":3,"c":4}}}');
    expect(JSON.parse(wireField(text, "form_data", "collected_data"))).toEqual({ a: { c: 4 }, b: 2 });
  });

  test("any JSON value at all", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: "binary", maxLength: 10 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 8 }),
        fc.jsonValue({ maxDepth: 4 }),
        async (form, result) => {
          const json = JSON.stringify(form);
          const created = await post(`{"form_data":${json}}`);
          expect(created.body.form_data).toEqual(JSON.parse(json));
          const patched = await patch(created.body.report_id, `{"valuation_result":${JSON.stringify(result)}}`);
          expect(patched.body.valuation_result).toEqual(JSON.parse(JSON.stringify(result)));
          expect((await get(created.body.report_id)).text).toBe(patched.text);
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each(["object", "array", "string", "number", "boolean", "null"])(
    "valuation_result may be of kind %s",
    async (kind) => {
      const value = { object: { a: 1 }, array: [1], string: "about 5", number: 5, boolean: false, null: null }[kind];
      const { body } = await post("{}");
      expect((await patch(body.report_id, { valuation_result: value })).body.valuation_result).toEqual(value);
    },
  );
});

describe("merge patch", () => {
  // RFC 7396, appendix A, as far as both sides are objects.
  test.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', "{}"],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
    ["null", '{"a":1,"b":null}', '{"a":1}'],
    ['{"a":1}', "null", "null"],
    ['{"a":1}', "{}", '{"a":1}'],
    [
      '{"__proto__":{"a":1,"b":2},"x":1}',
      '{"__proto__":{"a":null},"constructor":{"c":3}}',
      '{"__proto__":{"b":2},"x":1,"constructor":{"c":3}}',
    ],
    [
      '{"größe":{"日本":1}}',
      '{"größe":{"日本":null,"$k":12345678901234567890}}',
      '{"größe":{"$k":12345678901234567890}}',
    ],
    ['{"k\\u00e9y":1}', '{"kéy":2}', '{"kéy":2}'],
  ])("%s with %s is %s", async (before, change, after) => {
    for (const [field, next] of [
      ["form_data", "collected_data"],
      ["collected_data", "conversation_history"],
    ] as const) {
      const { body } = await post(`{"${field}":${before}}`);
      const { text } = await patch(body.report_id, `{"${field}":${change}}`);
      expect(wireField(text, field, next)).toBe(after);
    }
  });

  test("conversation_history and valuation_result replace as a whole; what is not named stays", async () => {
    const { body } = await post('{"form_data":{"a":1},"collected_data":{"b":2},"conversation_history":[1,2]}');
    const once = await patch(body.report_id, { conversation_history: [3], valuation_result: { low: 1, high: 2 } });
    expect(once.body).toMatchObject({
      form_data: { a: 1 },
      collected_data: { b: 2 },
      conversation_history: [3],
      valuation_result: { low: 1, high: 2 },
    });
    const twice = await patch(body.report_id, { valuation_result: { high: 3 }, conversation_history: null });
    expect(twice.body).toMatchObject({
      form_data: { a: 1 },
      collected_data: { b: 2 },
      conversation_history: null,
      valuation_result: { high: 3 },
    });
    expect(twice.body.valuation_result).toEqual({ high: 3 });
  });
});

describe("limits", () => {
  const KIB = 1024;
  /** JSON text of exactly so many bytes. */
  const object = (bytes: number) => `{"a":"${"x".repeat(bytes - 8)}"}`;
  const array = (bytes: number) => `["${"x".repeat(bytes - 4)}"]`;

  test.each([
    ["form_data", object, 64],
    ["collected_data", object, 64],
    ["valuation_result", object, 64],
    ["conversation_history", array, 512],
  ] as const)("%s: its limit fits, a byte more is 413 by name with nothing saved", async (field, json, kib) => {
    const { body } = await post("{}");
    expect((await patch(body.report_id, `{"${field}":${json(kib * KIB)}}`)).status).toBe(200);
    const before = await get(body.report_id);
    const over = await patch(
      body.report_id,
      `{"status":"COMPLETED","current_view":"CONVERSATIONAL","${field}":${json(kib * KIB + 1)}}`,
    );
    expect([over.status, Object.keys(over.body.fields)]).toEqual([413, [field]]);
    expect(over.body.error).toContain(`${kib} KiB`);
    expect((await get(body.report_id)).text).toBe(before.text);
    if (field !== "valuation_result") expect((await post(`{"${field}":${json(kib * KIB + 1)}}`)).status).toBe(413);
  });

  test("bytes count, not characters; and what merging makes counts, not what was sent", async () => {
    const { body } = await post(`{"form_data":{"a":"${"é".repeat(20 * KIB)}"}}`);
    expect(body.revision).toBe(1);
    const grown = await patch(body.report_id, `{"form_data":{"b":"${"€".repeat(9 * KIB)}"}}`);
    expect([grown.status, Object.keys(grown.body.fields)]).toEqual([413, ["form_data"]]);
    expect((await get(body.report_id)).body).toMatchObject({ revision: 1 });
  });

  test("60 levels pass, 61 do not, wherever they are", async () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    const listed = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    // The body is a level of its own.
    const created = await post(`{"form_data":${nested(59)},"conversation_history":${listed(59)}}`);
    expect(created.status).toBe(201);
    expect((await get(created.body.report_id)).text).toBe(created.text);
    for (const body of [
      `{"form_data":${nested(60)}}`,
      `{"conversation_history":${listed(60)}}`,
      `{"form_data":${nested(100_000)}}`,
    ]) {
      expect((await post(body)).status).toBe(400);
      expect((await patch(created.body.report_id, body)).status).toBe(400);
    }
  });

  test("merging cannot nest deeper than a body may", async () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    const { body } = await post(`{"form_data":${nested(59)}}`);
    expect((await patch(body.report_id, `{"form_data":${nested(59)}}`)).status).toBe(200);
  });

  test("many fields and long arrays are no problem within the size", async () => {
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 4_000 }, (_, i) => [`k${i}`, i])));
    const long = JSON.stringify(Array.from({ length: 60_000 }, (_, i) => i % 10));
    const { body, status } = await post(`{"form_data":${many},"conversation_history":${long}}`);
    expect(status).toBe(201);
    const patched = await patch(body.report_id, { form_data: { k7: null } });
    expect(Object.keys(patched.body.form_data)).toHaveLength(3_999);
    expect(patched.body.conversation_history).toHaveLength(60_000);
  });
});
