/** valuations/README §4 over HTTP. No path ends in a slash; errors are `{error}`. */
import { declareCards } from "./cardRoutes";
import { internal } from "../../_generated/api";
import type { ErrorData } from "../../lib/errors";
import { declare, restDomain, type Asked } from "../../rest/domain";
import { toWireName } from "../../rest/schemas/names";
import { read, write } from "../../rest/transaction";
import {
  clearGuestCookie,
  GUEST_HEADER,
  formatGuestCookie,
  hasGuestCookie,
  keepsOwnGuestId,
  createGuest,
  wantsNewGuest,
} from "../../rest/guest";
import type { RestContext } from "../../rest/request";
import { errors, json, queryInteger, SECURITY } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { seekCardAtOnce } from "../businessCards/cache";
import { STATUS_FILTERS } from "../drafts/input";
import { membersOf } from "../drafts/jsonText";
import { GUEST_NOTICE } from "./guestNotice";
import { JSON_FIELDS, LIST_DEFAULT, LIST_MAX, REPORT_ID_PATTERN, type JsonField } from "../rules";
import {
  Claimed,
  CreateSession,
  Deleted,
  ErrorBody,
  Full,
  Listing,
  Stale,
  StatusFilter,
  UpdateSession,
} from "./schemas";

/** The message of each endpoint for an unexpected error (valuations/README §4). */
function formatUnexpected(c: RestContext): string {
  if (c.req.method === "DELETE") return "Failed to delete session";
  if (c.req.path === "/api/business-cards") return "Failed to fetch business card";
  return c.req.path === "/api/sessions" && c.req.method === "GET"
    ? "Failed to fetch sessions"
    : "Internal server error";
}

/** The text in the error body, which hides what some errors say. */
function formatErrorText(error: ErrorData, status: number, c: RestContext): string {
  if (status === 401) return "Unauthorized";
  if (status === 500) return formatUnexpected(c);
  return error.message;
}

export const valuationRest = restDomain(
  (error, status, c) => ({ error: formatErrorText(error, status, c), ...(error.fields && { fields: error.fields }) }),
  ErrorBody,
);

const TAGS = ["Valuation drafts"];
const ANYONE: typeof SECURITY = [...SECURITY, {}];
const READ = { caller: "optional", guest: true } as const;
const WRITE = { caller: "optional", guest: true, limit: "draftWrites" } as const;
const READ_ONLY = [
  "id",
  "user_id",
  "guest_session_id",
  "created_at",
  "updated_at",
  "completed_at",
  "prefilled_from_card",
  "revision",
];
const jsonBody = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } }, required: true });
const byReportId = { path: "/api/sessions/{reportId}", tags: TAGS, security: ANYONE } as const;
const params = z.object({ reportId: z.string().openapi({ pattern: REPORT_ID_PATTERN.source }) });
const IfMatch = z.object({
  "If-Match": z.string().optional().describe("Revisions as `ETag` gave them; any other answers 412. `*` is any"),
});

/** A caller that asks for a guest id by `X-Guest-Session-Id: new` is given one first, and reads it from that header. */
async function asGuest<R extends Asked>(request: R, answer: (request: R) => Promise<Response>): Promise<Response> {
  if (request.sender.hasCredential || !wantsNewGuest(request.c)) return await answer(request);
  const guest = await createGuest();
  await request.c.env.runMutation(internal.valuations.rest.transactions.issue, { hash: guest.hash });
  const response = await answer({
    ...request,
    sender: { ...request.sender, caller: { ...request.sender.caller, guestHash: guest.hash } },
  });
  response.headers.set(GUEST_HEADER, guest.id);
  return response;
}

/** The answer of a transaction, with the cookie that its notice asks for. */
function withCookie(answer: Response, id: string | undefined): Response {
  const notice = answer.headers.get(GUEST_NOTICE);
  if (notice === null) return answer;
  answer.headers.delete(GUEST_NOTICE);
  if (id !== undefined) answer.headers.append("Set-Cookie", formatGuestCookie(id));
  return answer;
}
/** The guest id as the cookie brought it; one from the header is its client's own to keep. */
const readCookieId = (request: Asked) =>
  request.sender.guest?.from === "cookie" ? request.sender.guest.id : undefined;

declare(valuationRest, {
  contract: {
    method: "get",
    path: "/api/sessions",
    tags: TAGS,
    summary: "Drafts of the caller, last changed first",
    security: ANYONE,
    request: {
      query: z.object({
        limit: queryInteger({ min: 1 }).default(LIST_DEFAULT).describe(`Above ${LIST_MAX} it is read as ${LIST_MAX}`),
        offset: queryInteger({ min: 0 }).default(0),
        status: StatusFilter,
      }),
    },
    responses: { 200: json(Listing, "A page", GUEST_HEADER) },
  },
  ...READ,
  run: (request) =>
    asGuest(request, (asked) => {
      const { limit, offset, status } = asked.query;
      return read(asked, internal.valuations.rest.transactions.list, {
        status: STATUS_FILTERS[status],
        offset,
        limit: Math.min(limit, LIST_MAX),
      });
    }),
});

declare(valuationRest, {
  contract: {
    ...byReportId,
    method: "get",
    summary: "A draft of the caller",
    request: { params },
    responses: { 200: json(Full, "The draft", "ETag", GUEST_HEADER), ...errors(ErrorBody, 403) },
  },
  ...READ,
  run: (request) => asGuest(request, (asked) => read(asked, internal.valuations.rest.transactions.get, asked.params)),
});

type AsSent<Body> = { [name in keyof Body]: name extends JsonField ? string : Body[name] };

/** A body that was found valid, with its JSON fields as the texts that were sent. */
function toSent<Body extends object>(c: RestContext, body: Body): AsSent<Body> {
  const texts = membersOf(c.get("bodyText")?.trim() || "{}");
  const sent = JSON_FIELDS.filter((name) => name in body).map((name) => [name, texts.get(toWireName(name))]);
  return { ...body, ...Object.fromEntries(sent) } as AsSent<Body>;
}

declare(valuationRest, {
  contract: {
    method: "post",
    path: "/api/sessions",
    tags: TAGS,
    summary: "Create a draft",
    description:
      "Without any identity a guest id is issued. A `report_id` the caller already has comes back unchanged.",
    security: ANYONE,
    request: { body: jsonBody(CreateSession) },
    responses: {
      200: json(Full, "It was there already and is left as it is", "ETag", GUEST_HEADER, "Set-Cookie"),
      201: json(Full, "Created", "ETag", GUEST_HEADER, "Set-Cookie"),
    },
  },
  ...WRITE,
  readOnly: READ_ONLY,
  run: (request) =>
    asGuest(request, async (asked) => {
      const { body, c, sender } = asked;
      const token = body.businessCardToken || null;
      const guest = sender.hasCredential ? null : await createGuest();
      const answer = await write(asked, internal.valuations.rest.transactions.create, {
        ...toSent(c, body),
        card: token === null ? null : await seekCardAtOnce(c.env, token),
        newGuestHash: guest?.hash ?? null,
      });
      if (guest === null || answer.headers.get(GUEST_NOTICE) !== "issued")
        return withCookie(answer, readCookieId(asked));
      if (keepsOwnGuestId(c)) answer.headers.set(GUEST_HEADER, guest.id);
      // A cookie beside the header was not looked at: it may be all that leads to another guest's drafts.
      return withCookie(answer, keepsOwnGuestId(c) && hasGuestCookie(c) ? undefined : guest.id);
    }),
});

/** Revisions that `If-Match` names, none when any will do. What is no revision of ours matches nothing. */
function matchedRevisions(c: RestContext): { revisions?: number[] } {
  const header = c.req.header("if-match")?.trim();
  if (header === undefined || header === "*") return {};
  const revisions = header
    .split(",")
    .map((tag) => /^"?([1-9]\d{0,14})"?$/.exec(tag.trim())?.[1])
    .flatMap((revision) => (revision === undefined ? [] : [Number(revision)]));
  return { revisions };
}

declare(valuationRest, {
  contract: {
    ...byReportId,
    method: "patch",
    summary: "Change a draft",
    request: { params, headers: IfMatch, body: jsonBody(UpdateSession) },
    responses: {
      200: json(Full, "As it is now", "ETag", "Set-Cookie"),
      412: json(Stale, "`If-Match` is stale; the row as it is", "ETag"),
    },
  },
  ...WRITE,
  readOnly: [...READ_ONLY, "report_id", "business_card_token"],
  run: async (request) => {
    const { body, c, params } = request;
    const answer = await write(request, internal.valuations.rest.transactions.update, {
      ...params,
      ...matchedRevisions(c),
      ...toSent(c, body),
    });
    return withCookie(answer, readCookieId(request));
  },
});

declare(valuationRest, {
  contract: {
    ...byReportId,
    method: "delete",
    summary: "Delete a draft",
    request: { params },
    responses: { 200: json(Deleted, "Deleted, or was already") },
  },
  ...WRITE,
  run: (request) => write(request, internal.valuations.rest.transactions.remove, request.params),
});

declare(valuationRest, {
  contract: {
    method: "post",
    path: "/api/sessions/claim",
    tags: TAGS,
    summary: "Move the drafts of the guest id into the caller's account",
    description: "The guest id ends. Repeating moves nothing.",
    security: SECURITY,
    responses: { 200: json(Claimed, "How many moved", "Set-Cookie") },
  },
  caller: "user",
  guest: true,
  run: async (request) => {
    const answer = await write(request, internal.valuations.rest.transactions.claim, {});
    if (request.sender.guest) answer.headers.append("Set-Cookie", clearGuestCookie());
    return answer;
  },
});

declareCards(valuationRest);
