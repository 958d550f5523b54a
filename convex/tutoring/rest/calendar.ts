/** Calendar files of tutoring/README §10.2 over HTTP; part of `tutoringRest`. */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { notFound } from "../../lib/errors";
import { readSiteUrl } from "../../lib/siteUrl";
import { declare, type Domain } from "../../rest/domain";
import { restMutation, restQuery } from "../../rest/functions";
import { reply, type Reply } from "../../rest/reply";
import { headers } from "../../rest/schemas/headers";
import { errors, integerId, json, SECURITY } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { read, write } from "../../rest/transaction";
import { requireUser } from "../../identity/principal";
import { requireSession } from "../booking/sessionRows";
import { formatCalendar, type Entry } from "../calendar/calendar";
import { createFeed, findFeed, listEntries } from "../calendar/feeds";
import { ErrorBody, Feed, UNCHANGED } from "./schemas";

export { experimental_reuseContext } from "../../lib/contexts";

const replyCalendar = (name: string, entries: Entry[], fileName: string): Reply => ({
  status: 200,
  body: formatCalendar(name, entries),
  headers: {
    "Content-Type": "text/calendar; charset=utf-8",
    "Content-Disposition": `attachment; filename="${fileName}.ics"`,
    "Cache-Control": "private, no-cache",
  },
});

/** One session, for anyone who may see it. */
export const one = restQuery({
  args: { id: v.number() },
  handler: async (ctx, { id }) => {
    const session = await requireSession({ db: ctx.db, principal: requireUser(ctx.principal) }, id);
    return replyCalendar(session.title, [{ session, isTentative: false }], `session-${id}`);
  },
});

const FILE_ENDING = ".ics";

/** The feed that `file` names by its token. */
export const feed = restQuery({
  args: { file: v.string() },
  handler: async (ctx, { file }) => {
    const found = await findFeed(ctx, file.slice(0, -FILE_ENDING.length));
    if (!found) throw notFound("Calendar not found.");
    return replyCalendar("Tutoring sessions", await listEntries(ctx, found.userId, Date.now()), "tutoring");
  },
});

export const create = restMutation({
  args: {},
  handler: async (act) => {
    const token = await createFeed({ ...act, principal: requireUser(act.principal) });
    return reply(200, { url: `${readSiteUrl()}/api/calendar/${token}${FILE_ENDING}` });
  },
});

const TAGS = ["Tutoring calendars"];
const pattern = { id: "[0-9]+" };
const calendarFile = {
  description: "A calendar file, RFC 5545",
  headers: headers("ETag", "Content-Disposition", "Cache-Control"),
  content: { "text/calendar": { schema: z.string() } },
};

export function declareCalendars(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: "/api/sessions/{id}/calendar.ics",
      tags: TAGS,
      summary: "A session as a calendar file",
      security: SECURITY,
      request: { params: z.object({ id: integerId() }) },
      responses: { 200: calendarFile, 304: UNCHANGED },
    },
    pattern,
    etag: true,
    run: (request) => read(request, internal.tutoring.rest.calendar.one, request.params),
  });

  declare(domain, {
    contract: {
      method: "post",
      path: "/api/calendar/",
      tags: TAGS,
      summary: "A private calendar feed",
      description:
        "The address of a feed with the sessions that the caller gives, has a seat in or waits for. It needs no credential, so it is a secret. Repeating it gives a new address and ends the old.",
      security: SECURITY,
      responses: { 200: json(Feed, "The address, told this once") },
    },
    countedByWrite: true,
    run: (request) => write(request, internal.tutoring.rest.calendar.create, {}),
  });

  declare(domain, {
    contract: {
      method: "get",
      path: "/api/calendar/{file}",
      tags: TAGS,
      summary: "A private calendar feed's file",
      request: {
        params: z.object({ file: z.string().describe("The token of the feed's address, and `.ics`") }),
      },
      responses: { 200: calendarFile, 304: UNCHANGED, ...errors(ErrorBody, 404) },
    },
    caller: "none",
    pattern: { file: "[A-Za-z0-9_-]+\\.ics" },
    etag: true,
    run: (request) => read(request, internal.tutoring.rest.calendar.feed, request.params),
  });
}
