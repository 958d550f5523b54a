/** Components that keep data: indexes, counters, caches, limits, presence, streams of text. */
import { type ConformanceCase, expectEqual, expectEventually, HEAD } from "./case";

const geospatial: ConformanceCase = {
  name: "geospatial: rectangle, filters, nearest",
  components: ["geospatial"],
  files: {
    "main.ts": `${HEAD}
import { GeospatialIndex } from "@convex-dev/geospatial";
const index = new GeospatialIndex(components.geospatial);
const cities = { Berlin: [52.52, 13.4], Potsdam: [52.39, 13.06], Hamburg: [53.55, 9.99], Munich: [48.14, 11.58], Sydney: [-33.87, 151.21] };
export const fill = mutation({ args: {}, handler: async (ctx) => {
  for (const [name, [latitude, longitude]] of Object.entries(cities)) await index.insert(ctx, name, { latitude, longitude }, { letter: name[0] });
} });
export const inside = query({ args: {}, handler: async (ctx) => {
  const rectangle = { west: 9, east: 14, south: 52, north: 54 };
  return (await index.query(ctx, { shape: { type: "rectangle", rectangle }, limit: 10 })).results.map(({ key }) => key).sort();
} });
export const filtered = query({ args: {}, handler: async (ctx) => {
  const rectangle = { west: 9, east: 14, south: 48, north: 54 };
  return (await index.query(ctx, { shape: { type: "rectangle", rectangle }, filter: (q) => q.eq("letter", "M"), limit: 10 })).results.map(({ key }) => key);
} });
export const nearest = query({ args: {}, handler: async (ctx) => (await index.nearest(ctx, { point: { latitude: 52.5, longitude: 13.3 }, limit: 3 })).map(({ key }) => key) });
export const remove = mutation({ args: { key: v.string() }, handler: async (ctx, { key }) => await index.remove(ctx, key) });`,
  },
  async drive(app) {
    await app.mutation("main:fill");
    expectEqual("in the rectangle", await app.query("main:inside"), ["Berlin", "Hamburg", "Potsdam"]);
    expectEqual("with the filter", await app.query("main:filtered"), ["Munich"]);
    expectEqual("nearest", await app.query("main:nearest"), ["Berlin", "Potsdam", "Hamburg"]);
    expectEqual("removed", await app.mutation("main:remove", { key: "Berlin" }), true);
    expectEqual("nearest", await app.query("main:nearest"), ["Potsdam", "Hamburg", "Munich"]);
  },
};

const rateLimiter: ConformanceCase = {
  name: "rate-limiter: both kinds, reserve, reset",
  components: ["rate-limiter"],
  files: {
    "main.ts": `${HEAD}
import { HOUR, RateLimiter } from "@convex-dev/rate-limiter";
const limiter = new RateLimiter(components.rateLimiter, {
  bucket: { kind: "token bucket", rate: 1, period: HOUR, capacity: 3 },
  window: { kind: "fixed window", rate: 2, period: HOUR },
});
export const take = mutation({ args: { name: v.union(v.literal("bucket"), v.literal("window")), key: v.string() }, handler: async (ctx, { name, key }) => (await limiter.limit(ctx, name, { key })).ok });
export const check = query({ args: {}, handler: async (ctx) => (await limiter.check(ctx, "bucket", { key: "a" })).ok });
export const reset = mutation({ args: {}, handler: async (ctx) => { await limiter.reset(ctx, "bucket", { key: "a" }); } });`,
  },
  async drive(app) {
    const take = async (name: string, key: string, times: number) => {
      const taken = [];
      for (let i = 0; i < times; i++) taken.push(await app.mutation("main:take", { name, key }));
      return taken;
    };
    expectEqual("the bucket", await take("bucket", "a", 4), [true, true, true, false]);
    expectEqual("another key", await take("bucket", "b", 1), [true]);
    expectEqual("the window", await take("window", "a", 3), [true, true, false]);
    expectEqual("the check", await app.query("main:check"), false);
    await app.mutation("main:reset");
    expectEqual("the check", await app.query("main:check"), true);
  },
};

const aggregate: ConformanceCase = {
  name: "aggregate: counts, ranks and sums of a table",
  components: ["aggregate"],
  files: {
    "schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ scores: defineTable({ score: v.number() }) });`,
    "main.ts": `${HEAD}
import { TableAggregate } from "@convex-dev/aggregate";
const ranks = new TableAggregate(components.aggregate, { sortKey: (row) => row.score, sumValue: (row) => row.score });
export const fill = mutation({ args: { count: v.number() }, handler: async (ctx, { count }) => {
  for (let n = 0; n < count; n++) {
    const id = await ctx.db.insert("scores", { score: (n * 37) % 100 });
    await ranks.insert(ctx, await ctx.db.get(id));
  }
} });
export const removeFirst = mutation({ args: {}, handler: async (ctx) => {
  const row = await ctx.db.query("scores").first();
  await ctx.db.delete(row._id);
  await ranks.delete(ctx, row);
} });
export const read = query({ args: {}, handler: async (ctx) => [await ranks.count(ctx), await ranks.sum(ctx), (await ranks.at(ctx, 10)).key, await ranks.indexOf(ctx, 50), (await ranks.max(ctx)).key] });`,
  },
  async drive(app) {
    await app.mutation("main:fill", { count: 100 });
    expectEqual("the figures", await app.query("main:read"), [100, 4950, 10, 50, 99]);
    await app.mutation("main:removeFirst");
    expectEqual("the figures", await app.query("main:read"), [99, 4950, 11, 49, 99]);
  },
};

const counter: ConformanceCase = {
  name: "sharded-counter: concurrent increments",
  components: ["sharded-counter"],
  files: {
    "main.ts": `${HEAD}
import { ShardedCounter } from "@convex-dev/sharded-counter";
const counter = new ShardedCounter(components.shardedCounter, { defaultShards: 8 });
export const add = mutation({ args: {}, handler: async (ctx) => { await counter.inc(ctx, "boxes"); } });
export const count = query({ args: {}, handler: async (ctx) => await counter.count(ctx, "boxes") });`,
  },
  async drive(app) {
    await Promise.all(Array.from({ length: 40 }, () => app.mutation("main:add")));
    expectEqual("the count", await app.query("main:count"), 40);
  },
};

const actionCache: ConformanceCase = {
  name: "action-cache: one run for equal arguments",
  components: ["action-cache"],
  files: {
    "main.ts": `${HEAD}
import { ActionCache } from "@convex-dev/action-cache";
const cache = new ActionCache(components.actionCache, { action: internal.main.expensive, name: "expensive" });
export const expensive = internalAction({ args: { n: v.number() }, handler: async (_ctx, { n }) => n + " " + Math.random() });
export const read = action({ args: { n: v.number() }, handler: async (ctx, { n }) => await cache.fetch(ctx, { n }) });
export const forget = action({ args: {}, handler: async (ctx) => { await cache.removeAll(ctx); } });`,
  },
  async drive(app) {
    const first = await app.action("main:read", { n: 1 });
    expectEqual("the second answer", await app.action("main:read", { n: 1 }), first);
    if ((await app.action("main:read", { n: 2 })) === first) throw new Error("other arguments have the same answer");
    await app.action("main:forget");
    const hasChanged = async () => (await app.action("main:read", { n: 1 })) !== first;
    await expectEventually("a new answer", hasChanged, true);
  },
};

const presence: ConformanceCase = {
  name: "presence: heartbeats, disconnect, timeout",
  components: ["presence"],
  files: {
    "main.ts": `${HEAD}
import { Presence } from "@convex-dev/presence";
const presence = new Presence(components.presence);
export const beat = mutation({ args: { user: v.string(), interval: v.number() }, handler: async (ctx, { user, interval }) => await presence.heartbeat(ctx, "room", user, "session of " + user, interval) });
export const list = query({ args: { roomToken: v.string() }, handler: async (ctx, { roomToken }) => (await presence.list(ctx, roomToken)).map(({ userId, online }) => userId + " " + online).sort() });
export const leave = mutation({ args: { sessionToken: v.string() }, handler: async (ctx, { sessionToken }) => await presence.disconnect(ctx, sessionToken) });`,
  },
  async drive(app) {
    interface Tokens {
      roomToken: string;
      sessionToken: string;
    }
    const ann = (await app.mutation("main:beat", { user: "ann", interval: 60_000 })) as Tokens;
    await app.mutation("main:beat", { user: "bob", interval: 400 });
    const { roomToken, sessionToken } = ann;
    const list = () => app.query("main:list", { roomToken });
    await expectEventually("bob is gone after a while", list, ["ann true", "bob false"]);
    await app.mutation("main:leave", { sessionToken });
    expectEqual("the list", await list(), ["ann false", "bob false"]);
  },
};

const textStreaming: ConformanceCase = {
  name: "persistent-text-streaming: HTTP stream, kept text",
  components: ["persistent-text-streaming"],
  files: {
    "main.ts": `${HEAD}
import { PersistentTextStreaming } from "@convex-dev/persistent-text-streaming";
import { httpAction } from "./_generated/server";
const streaming = new PersistentTextStreaming(components.persistentTextStreaming);
export const create = mutation({ args: {}, handler: async (ctx) => await streaming.createStream(ctx) });
export const body = query({ args: { id: v.string() }, handler: async (ctx, { id }) => await streaming.getStreamBody(ctx, id) });
export const stream = httpAction(async (ctx, request) => {
  const { id } = await request.json();
  return await streaming.stream(ctx, request, id, async (_ctx, _request, _id, append) => {
    for (const word of ["One. ", "Two. ", "Three."]) await append(word);
  });
});`,
    "http.ts": `import { httpRouter } from "convex/server";
import { stream } from "./main";
const http = httpRouter();
http.route({ path: "/stream", method: "POST", handler: stream });
export default http;`,
  },
  async drive(app) {
    const id = await app.mutation("main:create");
    const response = await fetch(`${app.siteUrl}/stream`, { method: "POST", body: JSON.stringify({ id }) });
    expectEqual("the streamed text", await response.text(), "One. Two. Three.");
    const expected = { status: "done", text: "One. Two. Three." };
    await expectEventually("the kept text", () => app.query("main:body", { id: id as string }), expected);
  },
};

export const DATA_CASES = [geospatial, rateLimiter, aggregate, counter, actionCache, presence, textStreaming];
