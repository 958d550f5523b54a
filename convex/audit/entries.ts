import { paginationOptsValidator, paginationResultValidator, type PaginationResult } from "convex/server";
import { v } from "convex/values";
import { api } from "../_generated/api";
import { action } from "../_generated/server";
import { permissionQuery, userQuery } from "../identity/builders";
import { formatCsvHeader, formatCsvLines } from "./csv";
import { auditFilters, readPage, VIEW_AUDIT, vAuditEntry, type AuditEntry } from "./reading";

export { experimental_reuseContext } from "../lib/contexts";

/** The caller's own log. */
export const mine = userQuery({
  args: { ...auditFilters, paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vAuditEntry),
  handler: async (ctx, { paginationOpts, ...filters }) => await readPage(ctx, "mine", filters, paginationOpts),
});

/** The log of the caller's tenant, and of no other; `actor` is a user's uuid. */
export const tenant = permissionQuery(VIEW_AUDIT)({
  args: { ...auditFilters, actor: v.optional(v.string()), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vAuditEntry),
  handler: async (ctx, { paginationOpts, ...filters }) => await readPage(ctx, "tenant", filters, paginationOpts),
});

const EXPORT_PAGE = 1_000;
/** Characters; an action's result has 16 MiB. The newest entries come first, so the oldest are what is left out. */
const EXPORT_MAX_LENGTH = 4 * 1024 * 1024;

/**
 * The same entries as CSV text, newest first. An action over the guarded queries above rather than an HTTP route, so
 * that it can read nothing they would not show. `complete` is false when the text grew too long; narrow `to` to go on.
 */
export const exportCsv = action({
  args: {
    scope: v.union(v.literal("mine"), v.literal("tenant")),
    ...auditFilters,
    actor: v.optional(v.string()),
  },
  returns: v.object({ csv: v.string(), count: v.number(), complete: v.boolean() }),
  handler: async (ctx, { scope, actor, ...filters }): Promise<{ csv: string; count: number; complete: boolean }> => {
    let csv = formatCsvHeader();
    let count = 0;
    for (let cursor: string | null = null; ;) {
      const paginationOpts = { numItems: EXPORT_PAGE, cursor };
      const next: PaginationResult<AuditEntry> =
        scope === "mine"
          ? await ctx.runQuery(api.audit.entries.mine, { ...filters, paginationOpts })
          : await ctx.runQuery(api.audit.entries.tenant, {
              ...filters,
              ...(actor !== undefined && { actor }),
              paginationOpts,
            });
      csv += formatCsvLines(next.page);
      count += next.page.length;
      if (next.isDone || csv.length > EXPORT_MAX_LENGTH) return { csv, count, complete: next.isDone };
      cursor = next.continueCursor;
    }
  },
});
