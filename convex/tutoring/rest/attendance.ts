/** Attendance of tutoring/README §10.4 over HTTP; part of `tutoringRest`. */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { requireUser } from "../../identity/principal";
import { formatCsvLine } from "../../lib/files/csv";
import { SECOND_MS, toWireTime, toWireTimeOrNull } from "../../lib/time";
import { declare, type Domain } from "../../rest/domain";
import { restQuery } from "../../rest/functions";
import type { Reply } from "../../rest/reply";
import { errors, integerId, json, SECURITY } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { read } from "../../rest/transaction";
import { findMember } from "../booking/memberRows";
import { requireOwn } from "../booking/sessionRows";
import { listAttendants } from "../rooms/people";
import { formatName, toPerson } from "../booking/persons";
import { showUser } from "../views/view";
import { Attendance, ErrorBody, UNCHANGED, type WireAttendance } from "./schemas";
import { toWireUser } from "./wire";

export { experimental_reuseContext } from "../../lib/contexts";

const CSV_COLUMNS = ["user_id", "name", "first_joined_at", "last_left_at", "seconds"];

/** `now`, ms, is an argument because whoever is inside attends as long as that. */
export const list = restQuery({
  args: { id: v.number(), now: v.number(), asCsv: v.boolean() },
  handler: async (ctx, { id, now, asCsv }): Promise<Reply> => {
    const session = await requireOwn({ db: ctx.db, principal: requireUser(ctx.principal) }, id);
    const rows: (WireAttendance & { name: string })[] = [];
    for (const person of await listAttendants(ctx, session._id)) {
      const user = await ctx.db.get("users", person.userId);
      if (!user) continue;
      const isKnown = user._id === session.creatorId || (await findMember(ctx, session._id, user._id)) !== null;
      const insideMs = person.insideSince === null ? 0 : Math.max(0, now - person.insideSince);
      rows.push({
        name: formatName(toPerson(user)),
        user: toWireUser({ ...showUser(toPerson(user)), ...(!isKnown && { email: "" }) }),
        first_joined_at: toWireTime(person.firstJoinedAt ?? 0),
        last_left_at: person.insideSince === null ? toWireTimeOrNull(person.lastLeftAt) : null,
        seconds: Math.floor((person.attendedMs + insideMs) / SECOND_MS),
      });
    }
    if (!asCsv) return { status: 200, body: JSON.stringify(rows.map(({ name: _name, ...row }) => row)) };
    const lines = rows.map(({ user, name, first_joined_at: first, last_left_at: last, seconds }) =>
      formatCsvLine([user.id, name, first, last, seconds]),
    );
    return {
      status: 200,
      body: [formatCsvLine(CSV_COLUMNS), ...lines].join(""),
      headers: {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": `attachment; filename="attendance-${id}.csv"`,
      },
    };
  },
});

export function declareAttendance(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: "/api/sessions/{id}/attendance/",
      tags: ["Tutoring"],
      summary: "Who was in the room, and for how long (creator only)",
      description: "`Accept: text/csv` gives a table.",
      security: SECURITY,
      request: { params: z.object({ id: integerId() }) },
      responses: {
        200: {
          ...json(Attendance, "People, first come first", "ETag"),
          content: { "application/json": { schema: Attendance }, "text/csv": { schema: z.string() } },
        },
        304: UNCHANGED,
        ...errors(ErrorBody, 403),
      },
    },
    pattern: { id: "[0-9]+" },
    etag: true,
    run: (request) =>
      read(request, internal.tutoring.rest.attendance.list, {
        ...request.params,
        now: Date.now(),
        asCsv: /\btext\/csv\b/i.test(request.c.req.header("accept") ?? ""),
      }),
  });
}
