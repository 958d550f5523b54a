/** The health check of operations/README §12.1. */
import { v, type Infer } from "convex/values";
import { internal } from "../../_generated/api";
import { internalQuery } from "../../_generated/server";
import { SECOND_MS } from "../../lib/time";
import { declare, type Domain } from "../../rest/domain";
import { reply, toResponse } from "../../rest/reply";
import { json } from "../../rest/schemas/fields";
import { measureStore, probeStore, type StoreState } from "../../store/health";
import { isSchedulerDown } from "../rules";
import { getLastTick } from "../ticks";
import { Health } from "./schemas";
import { VERSION } from "../version";

export { experimental_reuseContext } from "../../lib/contexts";

const vMeasures = v.object({
  depth: v.number(),
  oldestAt: v.union(v.number(), v.null()),
  isOut: v.boolean(),
  lastTickAt: v.union(v.number(), v.null()),
});

const pickMeasures = ({ depth, oldestAt, isOut }: StoreState) => ({ depth, oldestAt, isOut });

export const measure = internalQuery({
  args: {},
  returns: vMeasures,
  handler: async (ctx): Promise<Infer<typeof vMeasures>> => ({
    ...pickMeasures(await measureStore(ctx)),
    lastTickAt: await getLastTick(ctx),
  }),
});

const toSeconds = (since: number | null, now: number): number | null =>
  since === null ? null : Math.max(0, Math.floor((now - since) / SECOND_MS));

const toStatus = (isDown: boolean) => (isDown ? ("down" as const) : ("ok" as const));

export function declareHealth(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: "/api/health/",
      tags: ["Operating"],
      summary: "Whether everything works",
      description: "Answers within a second, whatever is down. For monitors and load balancers.",
      responses: {
        200: json(Health, "Everything works", "Cache-Control"),
        503: json(Health, "A check is down", "Cache-Control"),
      },
    },
    caller: "none",
    // A monitor that is refused would take that for an outage.
    limit: "own",
    run: async ({ c }) => {
      const [answers, { depth, oldestAt, isOut, lastTickAt }] = await Promise.all([
        probeStore(c.env),
        c.env.runQuery(internal.operations.rest.health.measure, {}),
      ]);
      const now = Date.now();
      const store = toStatus(!answers || (isOut && depth > 0));
      const scheduler = toStatus(isSchedulerDown(lastTickAt, now));
      const isDown = store === "down" || scheduler === "down";
      const health = {
        status: toStatus(isDown),
        version: VERSION,
        checks: {
          store: { status: store, outbox_depth: depth, outbox_oldest_seconds: toSeconds(oldestAt, now) },
          scheduler: { status: scheduler, last_tick_seconds: toSeconds(lastTickAt, now) },
        },
      };
      return toResponse(c, reply(isDown ? 503 : 200, health, { "Cache-Control": "no-store" }));
    },
  });
}
