// @vitest-environment node
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { signedInUser } from "../setup.testing";
import { DRAWING, RUNNING, send, withGoal, type Setting } from "./focus.testing";
import { MAX_TOTAL_RATE, MIN_TOTAL_RATE, scoreActivity, totalOf, type Rates } from "./scorer";

type Asked = {
  authorization: string | undefined;
  body: { model: string; messages: { role: string; content: string }[]; response_format?: { type: string } };
};
type Answer = { status?: number; content?: unknown; afterMs?: number };

let server: Server | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.resetModules();
  await new Promise((done) => (server ? (server.closeAllConnections(), server.close(done)) : done(null)));
  server = undefined;
});

/**
 * A real HTTP server that speaks the OpenAI chat protocol; `RATES_MODEL_URL` points to it. Returns what it was asked.
 */
async function rateModel(answer: (asked: Asked) => Answer): Promise<Asked[]> {
  const all: Asked[] = [];
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const asked = { authorization: request.headers.authorization, body: JSON.parse(text) as Asked["body"] };
      all.push(asked);
      const { status = request.url === "/v1/chat/completions" ? 200 : 404, content, afterMs = 0 } = answer(asked);
      const body = {
        id: "chat-1",
        object: "chat.completion",
        created: 1,
        model: asked.body.model,
        choices: [
          {
            index: 0,
            finish_reason: "stop",
            message: { role: "assistant", content: typeof content === "string" ? content : JSON.stringify(content) },
          },
        ],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      };
      setTimeout(() => {
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(
          JSON.stringify(status === 200 ? body : { error: { message: "refused", type: "invalid_request_error" } }),
        );
      }, afterMs);
    });
  });
  await new Promise<void>((done) => server!.listen(0, "127.0.0.1", done));
  vi.stubEnv("RATES_MODEL_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  vi.stubEnv("RATES_MODEL", "tiny-rater");
  vi.stubEnv("RATES_API_KEY", "key-of-the-model");
  return all;
}

const GOOD = {
  shares: { physique: 0, energy: 0, logic: 10, creativity: 80, social: 10 },
  effort: 0.5,
  reasons: [{ dimension: "creativity", reason: "making pictures" }],
};

const calculate = ({ ada, goalId }: Setting, activityId = DRAWING) =>
  ada.as.action(api.focus.rates.calculate, { activityId, goalId });
const overRest = ({ t, ada, goalId }: Setting, headers: Record<string, string> = {}, activityId = DRAWING) =>
  send(
    t,
    "POST",
    "/api/v1/sessions/calculate-rates/",
    { ...ada.headers, ...headers },
    { activity_id: activityId, goal_id: goalId },
  );

describe("with a rate model", () => {
  test("the model answers once per activity, and start freezes its rates", async () => {
    const asked = await rateModel(() => ({ content: GOOD }));
    const setting = await withGoal();
    const scored = await calculate(setting);
    expect(scored.scoredBy).toBe("model");
    expect(scored.reasons).toEqual([
      { dimension: "creativity", term: "making pictures", weight: 0.8, source: "Rate model tiny-rater" },
    ]);
    expect(scored.rates.creativity / totalOf(scored.rates)).toBeCloseTo(0.8, 1);
    expect(await calculate(setting)).toEqual(scored);
    expect((await overRest(setting)).body).toEqual({ rates: scored.rates });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      authorization: "Bearer key-of-the-model",
      body: { model: "tiny-rater", response_format: { type: "json_schema" } },
    });
    expect(JSON.parse(asked[0]!.body.messages.at(-1)!.content)).toEqual({
      activity: "Drawing",
      category: "Creativity",
    });
    await setting.ada.as.mutation(api.focus.sessions.start, { goalId: setting.goalId, activityId: DRAWING });
    expect(await setting.ada.as.query(api.focus.sessions.current, {})).toMatchObject({ rates: scored.rates });
  });

  test.each([
    [{ physique: 100, energy: 100, logic: 100, creativity: 100, social: 100 }, 9],
    [{ physique: 100, energy: 0, logic: 0, creativity: 0, social: 0 }, -3],
    [{ physique: 0.001, energy: 0, logic: 0, creativity: 0, social: 0 }, 0],
  ])("answers stay within the band: %j with effort %d", async (shares, effort) => {
    await rateModel(() => ({ content: { ...GOOD, shares, effort } }));
    const { rates, scoredBy } = await calculate(await withGoal());
    expect(scoredBy).toBe("model");
    expect(totalOf(rates)).toBeGreaterThanOrEqual(MIN_TOTAL_RATE);
    expect(totalOf(rates)).toBeLessThanOrEqual(MAX_TOTAL_RATE);
  });

  test("an endpoint that knows no json_schema is asked for plain JSON", async () => {
    const asked = await rateModel(({ body }) =>
      body.response_format?.type === "json_schema" ? { status: 400 } : { content: GOOD },
    );
    const setting = await withGoal();
    expect((await calculate(setting)).scoredBy).toBe("model");
    expect((await calculate(setting, RUNNING)).scoredBy).toBe("model");
    expect(asked.map(({ body }) => body.response_format?.type)).toEqual(["json_schema", "json_object", "json_object"]);
  });

  test.each<[string, Answer]>([
    ["fails", { status: 500 }],
    ["refuses the key", { status: 401 }],
    ["talks instead", { content: "Drawing is fun!" }],
    ["leaves a dimension out", { content: { ...GOOD, shares: { creativity: 100 } } }],
    ["answers below zero", { content: { ...GOOD, shares: { ...GOOD.shares, social: -1 } } }],
    [
      "gives nothing to anything",
      { content: { ...GOOD, shares: { physique: 0, energy: 0, logic: 0, creativity: 0, social: 0 } } },
    ],
    ["takes longer than 2 s", { content: GOOD, afterMs: 60_000 }],
  ])("when it %s the embedded scorer answers, within 2 s and without asking again at once", async (_, answer) => {
    const asked = await rateModel(() => answer);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const setting = await withGoal();
    const { rates, reasons } = scoreActivity({ name: "Drawing", category: "Creativity", goalTitle: "Draw every day" });
    const startedAt = performance.now();
    expect(await calculate(setting)).toEqual({ rates, reasons, scoredBy: "lexicon" });
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect((await overRest(setting)).body).toEqual({ rates });
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(warn.mock.calls)).not.toContain("key-of-the-model");
    warn.mockRestore();
  });

  test("nobody is asked about what the caller may not see", async () => {
    const asked = await rateModel(() => ({ content: GOOD }));
    const setting = await withGoal();
    const stranger = await signedInUser(setting.t);
    await expect(calculate({ ...setting, ada: stranger })).rejects.toThrow("NOT_FOUND");
    expect((await overRest({ ...setting, ada: stranger })).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe("without a rate model", () => {
  test("5.1 gives the scorer's rates, the same ones that start freezes", async () => {
    const setting = await withGoal();
    const { status, body } = await overRest(setting);
    expect(status).toBe(200);
    const { rates } = body as { rates: Rates };
    expect(Object.keys(body)).toEqual(["rates"]);
    expect(Object.keys(rates).sort()).toEqual(["creativity", "energy", "logic", "physique", "social"]);
    expect(rates.creativity).toBeGreaterThan(rates.physique);
    expect(await calculate(setting)).toMatchObject({ rates, scoredBy: "lexicon" });
    await setting.ada.as.mutation(api.focus.sessions.start, { goalId: setting.goalId, activityId: DRAWING });
    expect(await setting.ada.as.query(api.focus.sessions.current, {})).toMatchObject({ rates });
  });

  test("errors: 400 names fields, 404 for what is unknown or not the caller's, 401 for nobody", async () => {
    const setting = await withGoal();
    const path = "/api/v1/sessions/calculate-rates/";
    const empty = await send(setting.t, "POST", path, setting.ada.headers, {});
    expect([empty.status, Object.keys(empty.body.fields as object)]).toEqual([400, ["activity_id", "goal_id"]]);
    const extra = await send(setting.t, "POST", path, setting.ada.headers, {
      activity_id: DRAWING,
      goal_id: setting.goalId,
      mood: 1,
    });
    expect([extra.status, Object.keys(extra.body.fields as object)]).toEqual([400, ["mood"]]);
    const unknown = await overRest(setting, {}, "00000000-0000-4000-8000-00000000dead");
    expect([unknown.status, unknown.body]).toEqual([404, { detail: "Activity not found.", code: "NOT_FOUND" }]);
    const stranger = await signedInUser(setting.t);
    expect((await overRest({ ...setting, ada: stranger })).body).toEqual({
      detail: "Goal not found.",
      code: "NOT_FOUND",
    });
    expect((await overRest({ ...setting, ada: { ...setting.ada, headers: {} as never } })).status).toBe(401);
    await expect(
      setting.t.action(api.focus.rates.calculate, { activityId: DRAWING, goalId: setting.goalId }),
    ).rejects.toThrow("UNAUTHENTICATED");
  });

  test("Idempotency-Key replays the answer and refuses another question", async () => {
    const setting = await withGoal();
    const key = { "Idempotency-Key": "rates" };
    const first = await overRest(setting, key);
    expect(first.status).toBe(200);
    expect((await overRest(setting, key)).body).toEqual(first.body);
    expect((await overRest(setting, key, RUNNING)).status).toBe(409);
  });
});
