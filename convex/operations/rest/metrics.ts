/** The metrics of operations/README §12.2. */
import { internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import { listCumulative } from "../../lib/numbers/histogram";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { declare, type Domain } from "../../rest/domain";
import { writeDurations } from "../../rest/durations";
import { RESPONSES, writeCounts } from "../../rest/tally";
import { headers } from "../../rest/schemas/headers";
import { z } from "../../rest/schemas/zod";
import { ERRORS } from "../errorGroups";
import type { Durations } from "../history/durations";
import { LIVE_DOMAINS, type LiveDomain } from "../measures";
import { PROMETHEUS_TYPE, renderMetrics, type Metric } from "../prometheus";
import { TICK_INTERVAL_MS } from "../rules";
import { VERSION } from "../version";

const PREFIX = "live_sessions";
/** More pages of live sessions are not counted: a scrape shall end. */
const PAGES_MAX = 20;

const toSeconds = (since: number | null, now: number): number =>
  since === null ? 0 : Math.max(0, (now - since) / SECOND_MS);

async function countLive(ctx: ActionCtx, domain: LiveDomain): Promise<number> {
  // To the minute, so that scrapes share what the backend has cached.
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  let total = 0;
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page: { count: number; next: string | null } = await ctx.runQuery(internal.operations.measures.countLive, {
      domain,
      cursor,
      now,
    });
    total += page.count;
    cursor = page.next;
    if (cursor === null) break;
  }
  return total;
}

/** The times of requests as Prometheus takes histograms. */
const toHistogram = (durations: Durations[]): Metric => ({
  name: `${PREFIX}_http_request_duration_seconds`,
  type: "histogram",
  help: "Times of REST requests by operation, from their arrival in the functions to their answer",
  samples: durations.flatMap(({ operation, requests, totalMs, counts }) => [
    ...listCumulative(counts).map(({ boundMs, count }) => ({
      suffix: "_bucket",
      labels: { operation, le: String(boundMs / SECOND_MS) },
      value: count,
    })),
    { suffix: "_bucket", labels: { operation, le: "+Inf" }, value: requests },
    { suffix: "_sum", labels: { operation }, value: totalMs / SECOND_MS },
    { suffix: "_count", labels: { operation }, value: requests },
  ]),
});

async function readMetrics(ctx: ActionCtx): Promise<Metric[]> {
  await writeCounts(ctx);
  await writeDurations(ctx);
  const { counters, outbox, webhooks, lastTickAt, lateMs } = await ctx.runQuery(
    internal.operations.measures.measure,
    {},
  );
  const live = Object.keys(LIVE_DOMAINS) as LiveDomain[];
  const liveCounts = await Promise.all(live.map(async (domain) => await countLive(ctx, domain)));
  const now = Date.now();
  const gauge = (name: string, help: string, value: number): Metric => ({
    name: `${PREFIX}_${name}`,
    type: "gauge",
    help,
    samples: [{ value }],
  });
  const counter = (name: string, help: string, counted: string): Metric => ({
    name: `${PREFIX}_${name}_total`,
    type: "counter",
    help,
    samples: [{ value: counters[counted] ?? 0 }],
  });
  return [
    { ...gauge("info", "Always 1; the version is a label", 1), samples: [{ labels: { version: VERSION }, value: 1 }] },
    {
      name: `${PREFIX}_live`,
      type: "gauge",
      help: `Live sessions by domain. ${live.map((domain) => `${domain}: ${LIVE_DOMAINS[domain]}`).join("; ")}`,
      samples: live.map((domain, index) => ({ labels: { domain }, value: liveCounts[index]! })),
    },
    gauge("outbox_depth", "Entries that wait for the permanent store, counted up to 1000", outbox.depth),
    gauge("outbox_oldest_seconds", "Age of the oldest of them; 0 when none waits", toSeconds(outbox.oldestAt, now)),
    counter("outbox_delivered", "Entries that the permanent store has confirmed", "outbox_delivered"),
    counter("outbox_failed", "Entries whose attempts were used up", "outbox_failed"),
    gauge("webhooks_depth", "Deliveries that wait, counted up to 1000", webhooks.depth),
    gauge("webhooks_oldest_seconds", "Age of the oldest of them; 0 when none waits", toSeconds(webhooks.oldestAt, now)),
    counter("webhooks_delivered", "Deliveries that receivers have confirmed", "webhooks_delivered"),
    counter("webhooks_failed", "Deliveries that were given up", "webhooks_failed"),
    counter("sign_ins", "Sign-ins that succeeded", "sign_in"),
    counter("sign_in_failures", "Sign-ins that failed", "sign_in_failed"),
    {
      name: `${PREFIX}_http_responses_total`,
      type: "counter",
      help: "REST answers that refuse (4xx) or fail (5xx), by domain",
      samples: Object.entries(counters).flatMap(([name, value]) => {
        const [kind, domain, status] = name.split(" ");
        return kind === RESPONSES && domain && status ? [{ labels: { domain, status }, value }] : [];
      }),
    },
    {
      name: `${PREFIX}_errors_total`,
      type: "counter",
      help: "Errors of functions, jobs and requests (server), and of pages (browser)",
      samples: ["server", "browser"].map((source) => ({
        labels: { source },
        value: counters[`${ERRORS} ${source}`] ?? 0,
      })),
    },
    toHistogram(await ctx.runQuery(internal.operations.history.durations.listAll, {})),
    gauge("jobs_lateness_seconds", "How late the scheduler last ran a job", (lateMs ?? 0) / SECOND_MS),
    gauge(
      "crons_lateness_seconds",
      "How long the cron of each minute is overdue",
      lastTickAt === null ? 0 : Math.max(0, now - lastTickAt - TICK_INTERVAL_MS) / SECOND_MS,
    ),
  ];
}

export function declareMetrics(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: "/api/metrics/",
      tags: ["Operating"],
      summary: "Figures for Prometheus",
      description: "Needs a service key with the scope `metrics`. Names begin with `live_sessions_`.",
      security: [{ serviceKey: [] }],
      responses: {
        200: {
          description: "The text format of Prometheus",
          headers: headers("Cache-Control"),
          content: { "text/plain": { schema: z.string() } },
        },
      },
    },
    caller: "service",
    scope: "metrics",
    run: async ({ c }) =>
      c.body(renderMetrics(await readMetrics(c.env)), 200, {
        "Content-Type": PROMETHEUS_TYPE,
        "Cache-Control": "no-store",
      }),
  });
}
