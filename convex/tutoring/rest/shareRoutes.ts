/** Links of sessions and weekly repetition over HTTP (tutoring/README §10.5); part of `tutoringRest`. */
import { internal } from "../../_generated/api";
import { notFound } from "../../lib/errors";
import { declare, type Domain } from "../../rest/domain";
import { errors, integerId, json, SECURITY } from "../../rest/schemas/fields";
import { headers } from "../../rest/schemas/headers";
import { wireBody } from "../../rest/schemas/wire";
import { z } from "../../rest/schemas/zod";
import { read, write } from "../../rest/transaction";
import { toSharePage } from "../hosting/shareLinks";
import { Repetition } from "../inputs";
import { Done, ErrorBody, RepeatedSessions, SharedLink, SharedSession, UNCHANGED } from "./schemas";

const TAGS = ["Tutoring"];
const pattern = { id: "[0-9]+" };
const params = z.object({ id: integerId() });
const PATH = "/api/sessions/{id}/share/";
const { transactions } = internal.tutoring.rest;

export function declareSharing(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: PATH,
      tags: TAGS,
      summary: "The link that shows the session without sign-in (creator only)",
      security: SECURITY,
      request: { params },
      responses: { 200: json(SharedLink, "The link", "ETag"), 304: UNCHANGED, ...errors(ErrorBody, 403) },
    },
    pattern,
    etag: true,
    run: (request) => read(request, transactions.shareLink, request.params),
  });

  declare(domain, {
    contract: {
      method: "post",
      path: PATH,
      tags: TAGS,
      summary: "Make a link that shows the session without sign-in (creator only)",
      description: "Repeating it answers the same link. It shows nothing while the session awaits approval.",
      security: SECURITY,
      request: { params },
      responses: { 200: json(SharedLink, "The link"), ...errors(ErrorBody, 403) },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, transactions.share, request.params),
  });

  declare(domain, {
    contract: {
      method: "delete",
      path: PATH,
      tags: TAGS,
      summary: "End the link (creator only)",
      description: "A link that is made later is another.",
      security: SECURITY,
      request: { params },
      responses: { 200: json(Done, "Ended"), ...errors(ErrorBody, 403) },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, transactions.endShare, request.params),
  });

  declare(domain, {
    contract: {
      method: "get",
      path: "/s/{token}",
      tags: TAGS,
      summary: "A session that is shared by a link",
      description:
        "`Accept: application/json` gives what the link shows. Browsers are led on to its page in the web application, as links begin with the address of REST (`PUBLIC_URL`).",
      request: { params: z.object({ token: z.string().describe("The token of the link") }) },
      responses: {
        200: json(SharedSession, "What the link shows"),
        302: { description: "The page", headers: headers("Location") },
        ...errors(ErrorBody, 404),
      },
    },
    caller: "none",
    pattern: { token: "[A-Za-z0-9_-]+" },
    run: async (request) => {
      const { c, params: link } = request;
      if (/\bapplication\/json\b/i.test(c.req.header("accept") ?? ""))
        return await read(request, transactions.shared, link);
      const page = toSharePage(link.token);
      if (page === null) throw notFound();
      return c.redirect(page, 302);
    },
  });

  declare(domain, {
    contract: {
      method: "post",
      path: "/api/sessions/{id}/repeat/",
      tags: TAGS,
      summary: "Make the session once more for each of some weeks (creator only)",
      description:
        "All of them are made or none; each can be joined once it is approved, as a session that is created.",
      security: SECURITY,
      request: {
        params,
        body: {
          content: { "application/json": { schema: wireBody("RepeatWeekly", Repetition.omit({ id: true })) } },
          required: true,
        },
      },
      responses: { 201: json(RepeatedSessions, "The new sessions, by their start"), ...errors(ErrorBody, 403) },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, transactions.repeatWeekly, { ...request.params, ...request.body }),
  });
}
