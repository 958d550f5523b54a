/** convex/valuations/README.md §4.6 and what §4.3 does with a card, on the permanent store's own table. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { freePorts } from "../../lib/free-ports";
import { admin, call, newAccount, target, type Account } from "../support/api";

const WIRE_KEYS = [
  "company_name",
  "industry",
  "business_type_id",
  "country_code",
  "description",
  "city",
  "business_highlights",
  "reason_for_selling",
  "revenue",
  "employee_count",
  "founding_year",
];

async function storeCard(fields: Record<string, unknown> = {}): Promise<string> {
  const token = `card-${randomUUID()}`;
  const empty = {
    industry: null,
    businessTypeId: null,
    countryCode: null,
    description: null,
    city: null,
    businessHighlights: null,
    reasonForSelling: null,
    revenue: null,
    employeeCount: null,
    foundingYear: null,
  };
  await admin("store/reads:importBusinessCards", {
    cards: [{ token, companyName: "Lovelace Engines", ...empty, ...fields }],
  });
  return token;
}
const card = (token: string) => call("GET", `/api/business-cards?token=${encodeURIComponent(token)}`);

let ada: Account;
beforeAll(async () => {
  ada = await newAccount();
});

test("a card has every documented key and is private for five minutes; no credential is asked for or looked at", async () => {
  const token = await storeCard({
    industry: "Machinery",
    revenue: 1_250_000.5,
    employeeCount: 12,
    foundingYear: 1843,
    city: "Köln",
    countryCode: "DE",
  });
  const answer = await card(token);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "private, max-age=300"]);
  expect(Object.keys(answer.body).sort()).toEqual([...WIRE_KEYS].sort());
  expect(answer.body).toMatchObject({
    company_name: "Lovelace Engines",
    revenue: 1_250_000.5,
    employee_count: 12,
    founding_year: 1843,
    city: "Köln",
    description: null,
  });
  expect((await call("GET", `/api/business-cards?token=${token}`, { auth: "Bearer nonsense" })).text).toBe(answer.text);
  const head = await call("HEAD", `/api/business-cards?token=${token}`);
  expect([head.status, head.text, head.headers.get("cache-control")]).toEqual([200, "", "private, max-age=300"]);
});

test.each([
  [""],
  ["?token="],
  ["?token=a&token=b"],
  ["?token=a&token=a"],
  ["?token=&token=a"],
  ["?Token=a"],
  ["?token"],
  ["?token=%20"],
  ["?token=%00"],
])("%j: Token required", async (query) => {
  const { status, body } = await call("GET", `/api/business-cards${query}`);
  expect([status, body.error]).toEqual([400, "Token required"]);
});

test.each([["unknown"], ["x".repeat(10_000)], ["'; drop table business_cards; --"], ["%"], ["a\u0000"], ["🎉"]])(
  "token %j is 404 and not cached",
  async (token) => {
    const answer = await card(token);
    expect([answer.status, answer.body, answer.headers.get("cache-control")]).toEqual([
      404,
      { error: "Business card not found", code: "NOT_FOUND" },
      null,
    ]);
  },
);

test("a hit stays as it was for five minutes, a miss does not", async () => {
  const token = await storeCard();
  const first = await card(token);
  await admin("store/reads:importBusinessCards", {
    cards: [
      {
        token,
        companyName: "Renamed",
        industry: null,
        businessTypeId: null,
        countryCode: null,
        description: null,
        city: null,
        businessHighlights: null,
        reasonForSelling: null,
        revenue: null,
        employeeCount: null,
        foundingYear: null,
      },
    ],
  });
  expect((await card(token)).text).toBe(first.text);
});

describe("a draft from a card", () => {
  test("is filled where the form has nothing; what was sent stays, null too", async () => {
    const token = await storeCard({ industry: "Machinery", city: "London", employeeCount: 12 });
    const { status, body } = await call("POST", "/api/sessions", {
      auth: ada.session,
      body: { business_card_token: token, form_data: { city: "Paris", industry: null } },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ prefilled_from_card: true, business_card_token: token });
    expect(body.form_data).toEqual({
      city: "Paris",
      industry: null,
      company_name: "Lovelace Engines",
      employee_count: 12,
    });
  });

  test("is created although the card is unknown", async () => {
    const { status, body } = await call("POST", "/api/sessions", {
      auth: ada.session,
      body: { business_card_token: "unknown", form_data: { a: 1 } },
    });
    expect([status, body.prefilled_from_card, body.business_card_token, body.form_data]).toEqual([
      201,
      false,
      "unknown",
      { a: 1 },
    ]);
  });

  test.each([[7], [{}], ["x".repeat(257)]])("business_card_token %j is refused by name", async (token) => {
    const { status, body } = await call("POST", "/api/sessions", {
      auth: ada.session,
      body: { business_card_token: token },
    });
    expect([status, Object.keys(body.fields)]).toEqual([400, ["business_card_token"]]);
  });
});

test("while the store is down cached cards answer, others are 500, and drafts are still created", async () => {
  const [cached, other] = [await storeCard(), await storeCard()];
  const before = await card(cached);
  const { convexUrl, adminKey } = target();
  const deployment = adminClient(convexUrl, adminKey);
  const { PERMANENT_STORE_URL } = await deployment.environment();
  const { store: nobody } = await freePorts();
  await deployment.setEnvironment({ PERMANENT_STORE_URL: `postgres://postgres@127.0.0.1:${nobody}/postgres` });
  try {
    const still = await card(cached);
    expect([still.status, still.text]).toEqual([200, before.text]);
    const down = await card(other);
    expect([down.status, down.body]).toEqual([500, { error: "Failed to fetch business card", code: "INTERNAL_ERROR" }]);
    const created = await call("POST", "/api/sessions", { auth: ada.session, body: { business_card_token: other } });
    expect([created.status, created.body.prefilled_from_card]).toEqual([201, false]);
  } finally {
    await deployment.setEnvironment({ PERMANENT_STORE_URL: PERMANENT_STORE_URL! });
  }
  expect((await card(other)).status).toBe(200);
});
