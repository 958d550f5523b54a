/** analytics/README §12.4 over HTTP. Errors are `{error}`. */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import { hasScope, requirePermission, requireTenantKey, type Principal } from "../../identity/principal";
import { formatCsvLine } from "../../lib/files/csv";
import { declare, restDomain } from "../../rest/domain";
import { restQuery } from "../../rest/functions";
import { reply, type Reply } from "../../rest/reply";
import { errors, json, SECURITY } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { read } from "../../rest/transaction";
import { listDays } from "../days";
import { completeRange, rangeInput } from "../range";
import { DAYS_READ_MAX } from "../reports";
import { toDay } from "../writer";
import { DailyFigures, ErrorBody } from "./schemas";

export { experimental_reuseContext } from "../../lib/contexts";

export const analyticsRest = restDomain(
  (error) => ({ error: error.message, ...(error.fields && { fields: error.fields }) }),
  ErrorBody,
  ["/api/v1/analytics/*"],
);

function requireTenantOf(principal: Principal): Id<"tenants"> {
  if (!hasScope(principal, "analytics:read")) return requirePermission(principal, "view_analytics").tenantId;
  return requireTenantKey(principal).tenantId;
}

const COLUMNS = ["day", "event", "count", "people"];

export const daily = restQuery({
  args: { from: v.string(), to: v.string(), event: v.optional(v.string()), asCsv: v.boolean() },
  handler: async (ctx, { asCsv, ...range }): Promise<Reply> => {
    const rows = await listDays(ctx, { tenantId: requireTenantOf(ctx.principal), ...range }, DAYS_READ_MAX);
    const results = rows.map(({ day, event, count, people }) => ({ day, event, count, people }));
    if (!asCsv) return reply(200, { results });
    return {
      status: 200,
      body: [COLUMNS, ...results.map((row) => [row.day, row.event, row.count, row.people])].map(formatCsvLine).join(""),
      headers: {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": `attachment; filename="analytics-${range.from}-${range.to}.csv"`,
      },
    };
  },
});

declare(analyticsRest, {
  contract: {
    method: "get",
    path: "/api/v1/analytics/daily/",
    tags: ["Analytics"],
    summary: "How often what happened, by day",
    description:
      "Needs the permission `view_analytics`, or a service key with the scope `analytics:read`. What happened is there within ten seconds. `Accept: text/csv` gives a table.",
    security: [...SECURITY, { serviceKey: [] }],
    request: { query: rangeInput.strip() },
    responses: {
      200: {
        ...json(DailyFigures, "Figures, the oldest day first", "Content-Disposition"),
        content: { "application/json": { schema: DailyFigures }, "text/csv": { schema: z.string() } },
      },
      ...errors(ErrorBody, 403),
    },
  },
  caller: "userOrService",
  scope: "analytics:read",
  run: (request) =>
    read(request, internal.analytics.rest.routes.daily, {
      ...completeRange(request.query, toDay(Date.now())),
      asCsv: /\btext\/csv\b/i.test(request.c.req.header("accept") ?? ""),
    }),
});
