/** Components that run work in the background: queues, workflows, retries, crons, migrations. */
import { type ConformanceCase, expectEqual, expectEventually, HEAD } from "./case";

const DONE_TABLE = `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ done: defineTable({ text: v.string() }), old: defineTable({ n: v.number(), text: v.optional(v.string()) }) });`;

const LIST_DONE = `
export const list = query({ args: {}, handler: async (ctx) => (await ctx.db.query("done").collect()).map(({ text }) => text).sort() });
export const note = internalMutation({ args: { text: v.string() }, handler: async (ctx, { text }) => { await ctx.db.insert("done", { text }); } });
`;

const workpool: ConformanceCase = {
  name: "workpool: actions, mutations, retries, cancel",
  components: ["workpool"],
  files: {
    "schema.ts": DONE_TABLE,
    "main.ts": `${HEAD}${LIST_DONE}
import { Workpool, vOnCompleteArgs } from "@convex-dev/workpool";
const pool = new Workpool(components.workpool, { maxParallelism: 3, retryActionsByDefault: true, defaultRetryBehavior: { maxAttempts: 3, initialBackoffMs: 20, base: 2 } });
export const work = internalAction({ args: { n: v.number() }, handler: async (ctx, { n }) => {
  await ctx.runMutation(internal.main.note, { text: "ran " + n });
  return n * 2;
} });
export const fails = internalAction({ args: {}, handler: async () => { throw new Error("always"); } });
export const ended = internalMutation({ args: vOnCompleteArgs(v.string()), handler: async (ctx, { context, result }) => {
  await ctx.db.insert("done", { text: context + " " + result.kind + (result.kind === "success" ? " " + result.returnValue : "") });
} });
export const start = mutation({ args: {}, handler: async (ctx) => {
  for (const n of [1, 2, 3, 4, 5]) await pool.enqueueAction(ctx, internal.main.work, { n }, { onComplete: internal.main.ended, context: "action " + n });
  await pool.enqueueMutation(ctx, internal.main.note, { text: "mutation" });
  await pool.enqueueAction(ctx, internal.main.fails, {}, { onComplete: internal.main.ended, context: "failing" });
  const later = await pool.enqueueMutation(ctx, internal.main.note, { text: "never" }, { runAfter: 60_000, onComplete: internal.main.ended, context: "cancelled" });
  await pool.cancel(ctx, later);
} });`,
  },
  async drive(app) {
    await app.mutation("main:start");
    const numbers = [1, 2, 3, 4, 5];
    const expected = [
      ...numbers.map((n) => `action ${n} success ${n * 2}`),
      ...["cancelled canceled", "failing failed", "mutation"],
      ...numbers.map((n) => `ran ${n}`),
    ];
    await expectEventually("what was done", () => app.query("main:list"), expected);
  },
};

const workflow: ConformanceCase = {
  name: "workflow: steps, sleep, event, nested",
  components: ["workflow"],
  files: {
    "schema.ts": DONE_TABLE,
    "main.ts": `${HEAD}${LIST_DONE}
import { vWorkflowId, WorkflowManager, defineEvent } from "@convex-dev/workflow";
const workflow = new WorkflowManager(components.workflow);
export const double = internalAction({ args: { n: v.number() }, handler: async (_ctx, { n }) => n * 2 });
export const read = internalQuery({ args: {}, handler: async (ctx) => (await ctx.db.query("done").collect()).length });
export const inner = workflow.define({ args: { n: v.number() }, returns: v.number() }).handler(async (step, { n }) => await step.runAction(internal.main.double, { n }));
export const outer = workflow.define({ args: { n: v.number() }, returns: v.string() }).handler(async (step, { n }) => {
  const doubled = await step.runAction(internal.main.double, { n }, { retry: true });
  const [a, b] = await Promise.all([step.runAction(internal.main.double, { n: 10 }), step.runAction(internal.main.double, { n: 20 })]);
  await step.runMutation(internal.main.note, { text: "noted " + doubled });
  await step.sleep(300);
  const rows = await step.runQuery(internal.main.read, {});
  const nested = await step.runWorkflow(internal.main.inner, { n: 50 });
  const event = await step.awaitEvent({ name: "go" });
  return [doubled, a, b, rows, nested, event].join(" ");
});
export const start = mutation({ args: {}, handler: async (ctx) => await workflow.start(ctx, internal.main.outer, { n: 3 }) });
export const go = mutation({ args: { id: vWorkflowId }, handler: async (ctx, { id }) => { await workflow.sendEvent(ctx, { workflowId: id, name: "go", value: "went" }); } });
export const status = query({ args: { id: vWorkflowId }, handler: async (ctx, { id }) => {
  const status = await workflow.status(ctx, id);
  return status.type === "completed" ? status.result : status.type;
} });`,
  },
  async drive(app) {
    const id = (await app.mutation("main:start")) as string;
    await expectEventually("the note of a step", () => app.query("main:list"), ["noted 6"]);
    await app.mutation("main:go", { id });
    await expectEventually("the workflow's result", () => app.query("main:status", { id }), "6 20 40 1 100 went");
  },
};

const retrier: ConformanceCase = {
  name: "action-retrier: success at the third try",
  components: ["action-retrier"],
  files: {
    "schema.ts": DONE_TABLE,
    "main.ts": `${HEAD}${LIST_DONE}
import { ActionRetrier, onCompleteValidator } from "@convex-dev/action-retrier";
const retrier = new ActionRetrier(components.actionRetrier, { initialBackoffMs: 50, base: 2, maxFailures: 4 });
export const count = internalQuery({ args: {}, handler: async (ctx) => (await ctx.db.query("done").collect()).length });
export const flaky = internalAction({ args: {}, handler: async (ctx) => {
  await ctx.runMutation(internal.main.note, { text: "try" });
  if ((await ctx.runQuery(internal.main.count, {})) < 3) throw new Error("not yet");
  return "ok";
} });
export const ended = internalMutation({ args: onCompleteValidator, handler: async (ctx, { result }) => {
  await ctx.db.insert("done", { text: "ended " + result.type });
} });
export const start = action({ args: {}, handler: async (ctx) => await retrier.run(ctx, internal.main.flaky, {}, { onComplete: internal.main.ended }) });`,
  },
  async drive(app) {
    await app.action("main:start");
    await expectEventually("the tries", () => app.query("main:list"), ["ended success", "try", "try", "try"]);
  },
};

const crons: ConformanceCase = {
  name: "crons: registered at run time",
  components: ["crons"],
  files: {
    "schema.ts": DONE_TABLE,
    "main.ts": `${HEAD}${LIST_DONE}
import { Crons } from "@convex-dev/crons";
const crons = new Crons(components.crons);
export const start = mutation({ args: {}, handler: async (ctx) => {
  await crons.register(ctx, { kind: "interval", ms: 1000 }, internal.main.note, { text: "tick" }, "ticks");
  await crons.register(ctx, { kind: "cron", cronspec: "0 0 * * *" }, internal.main.note, { text: "daily" }, "daily");
} });
export const stop = mutation({ args: {}, handler: async (ctx) => { await crons.delete(ctx, { name: "ticks" }); } });
export const names = query({ args: {}, handler: async (ctx) => (await crons.list(ctx)).map(({ name }) => name).sort() });`,
  },
  async drive(app) {
    await app.mutation("main:start");
    expectEqual("names", await app.query("main:names"), ["daily", "ticks"]);
    const hasTicked = async () => ((await app.query("main:list")) as string[]).length >= 2;
    await expectEventually("two ticks", hasTicked, true);
    await app.mutation("main:stop");
    expectEqual("names", await app.query("main:names"), ["daily"]);
  },
};

const migrations: ConformanceCase = {
  name: "migrations: every row, in batches",
  components: ["migrations"],
  files: {
    "schema.ts": DONE_TABLE,
    "main.ts": `${HEAD}
import { Migrations } from "@convex-dev/migrations";
const migrations = new Migrations(components.migrations);
export const fill = mutation({ args: {}, handler: async (ctx) => { for (let n = 0; n < 250; n++) await ctx.db.insert("old", { n }); } });
export const addText = migrations.define({ table: "old", batchSize: 60, migrateOne: async (_ctx, row) => ({ text: "row " + row.n }) });
export const run = migrations.runner(internal.main.addText);
export const left = query({ args: {}, handler: async (ctx) => (await ctx.db.query("old").collect()).filter(({ text }) => text === undefined).length });
export const states = query({ args: {}, handler: async (ctx) => (await migrations.getStatus(ctx, { migrations: ["main:addText"] })).map(({ state, processed }) => [state, processed]) });`,
  },
  async drive(app) {
    await app.mutation("main:fill");
    await app.mutation("main:run");
    await expectEventually("rows left", () => app.query("main:left"), 0);
    await expectEventually("the state", () => app.query("main:states"), [["success", 250]]);
  },
};

export const BACKGROUND_CASES = [workpool, workflow, retrier, crons, migrations];
