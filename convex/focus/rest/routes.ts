/** focus/README §5 over HTTP. Paths end in a slash; errors are `{detail}`. */
import { z } from "../../rest/schemas/zod";
import { internal } from "../../_generated/api";
import { getErrorData } from "../../lib/errors";
import { declare, restDomain } from "../../rest/domain";
import { toOnce, read, write } from "../../rest/transaction";
import { reply, toResponse } from "../../rest/reply";
import { errors, json, queryInteger, SECURITY } from "../../rest/schemas/fields";
import { findDepartedEnd, HISTORY_DEFAULT, HISTORY_MAX, addDeparted } from "../archive";
import { decodePlace, encodePlace } from "../history/pages";
import { readModelSettings } from "../rating/currentRates";
import {
  Activity,
  CalculateRates,
  CompletedSession,
  CompleteSession,
  ErrorBody,
  Goal,
  History,
  Rates,
  RegisteredSession,
  RegisterSession,
} from "./schemas";
import { toWireHistory } from "./wire";
import type { RestContext } from "../../rest/request";
import { sessionId } from "../claims/inputs";
import type { DepartedEnd } from "../claims/report";

export const focusRest = restDomain(
  (error) => ({ detail: error.message, ...(error.fields && { fields: error.fields }) }),
  ErrorBody,
  ["/api/v1/sessions/*", "/api/v1/goals/*", "/api/v1/activities/*"],
);

const TAGS = ["Focus sessions"];
const jsonBody = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } }, required: true });
// Fields of an answer that clients may send back, which are ignored.
const READ_ONLY = ["id", "created_at", "updated_at"];

declare(focusRest, {
  contract: {
    method: "post",
    path: "/api/v1/sessions/calculate-rates/",
    tags: TAGS,
    summary: "XP per second that a session would earn",
    security: SECURITY,
    request: { body: jsonBody(CalculateRates) },
    responses: { 200: json(Rates, "The rates in force"), ...errors(ErrorBody, 404) },
  },
  run: async (request) => {
    const input = request.body;
    const answer = await read(request, internal.focus.rest.transactions.rates, input);
    const consult = readModelSettings() !== null;
    if (consult) await request.c.env.runAction(internal.focus.rates.consultModel, { activityId: input.activityId });
    if (await toOnce(request.c)) return await write(request, internal.focus.rest.transactions.ratesOnce, input);
    return consult ? await read(request, internal.focus.rest.transactions.rates, input) : answer;
  },
});

declare(focusRest, {
  contract: {
    method: "post",
    path: "/api/v1/sessions/",
    tags: TAGS,
    summary: "Register a session that runs on another host",
    description: "With a user's credential for the user's own sessions, with the service key for any user's.",
    security: SECURITY,
    request: { body: jsonBody(RegisterSession) },
    responses: {
      200: json(RegisteredSession, "It was there already and is left as it is"),
      201: json(RegisteredSession, "Registered"),
      ...errors(ErrorBody, 403, 503),
    },
  },
  caller: "userOrService",
  scope: "focus:write",
  readOnly: READ_ONLY,
  run: async (request) => {
    const input = request.body;
    return await knowingDeparted(request.c, input.sessionId, (departedEnd) =>
      write(request, internal.focus.rest.transactions.register, { ...input, departedEnd }),
    );
  },
});

declare(focusRest, {
  contract: {
    method: "put",
    path: "/api/v1/sessions/{sessionId}/",
    tags: TAGS,
    summary: "Complete a session, or correct a completed one",
    description:
      "A session that runs on this host is ended and its own figures are stored and returned. " +
      "For any other, a user's claim may not exceed the time and the current rates; the service key is trusted. " +
      "Repeating changes nothing.",
    security: SECURITY,
    request: { params: z.object({ sessionId: sessionId() }), body: jsonBody(CompleteSession) },
    responses: { 200: json(CompletedSession, "The figures that stand"), ...errors(ErrorBody, 403, 409, 503) },
  },
  caller: "userOrService",
  scope: "focus:write",
  readOnly: [...READ_ONLY, "session_id"],
  run: async (request) => {
    const input = { ...request.body, ...request.params };
    return await knowingDeparted(request.c, input.sessionId, (departedEnd) =>
      write(request, internal.focus.rest.transactions.complete, { ...input, departedEnd }),
    );
  },
});

/** Runs the transaction; when it has to know what the permanent store holds of the session, asks and runs it again. */
async function knowingDeparted(
  c: RestContext,
  sessionId: string,
  run: (departedEnd: DepartedEnd) => Promise<Response>,
): Promise<Response> {
  try {
    return await run(undefined);
  } catch (error) {
    if (getErrorData(error)?.needsDeparted !== true) throw error;
    return await run(await findDepartedEnd(c.env, sessionId));
  }
}

declare(focusRest, {
  contract: {
    method: "get",
    path: "/api/v1/goals/{goalId}/",
    tags: TAGS,
    summary: "A goal of the caller",
    security: SECURITY,
    request: { params: z.object({ goalId: z.guid() }) },
    responses: { 200: json(Goal, "The goal") },
  },
  run: (request) => read(request, internal.focus.rest.transactions.goal, request.params),
});

declare(focusRest, {
  contract: {
    method: "get",
    path: "/api/v1/activities/{activityId}/",
    tags: TAGS,
    summary: "An activity",
    security: SECURITY,
    request: { params: z.object({ activityId: z.guid() }) },
    responses: { 200: json(Activity, "The activity") },
  },
  run: (request) => read(request, internal.focus.rest.transactions.activity, request.params),
});

declare(focusRest, {
  contract: {
    method: "get",
    path: "/api/v1/goals/{goalId}/sessions/",
    tags: TAGS,
    summary: "Ended sessions of a goal of the caller, newest first",
    security: SECURITY,
    request: {
      params: z.object({ goalId: z.guid() }),
      query: z.object({
        limit: queryInteger({ min: 1, max: HISTORY_MAX }).default(HISTORY_DEFAULT),
        cursor: z.string().min(1).max(2_048).optional(),
      }),
    },
    responses: { 200: json(History, "A page"), ...errors(ErrorBody, 503) },
  },
  run: async (request) => {
    const { goalId } = request.params;
    const { limit, cursor } = request.query;
    const after = cursor === undefined ? null : decodePlace(cursor);
    const { env } = request.c;
    const answer = await env.runQuery(internal.focus.rest.transactions.history, {
      caller: request.sender.caller,
      goalId,
      after,
      limit,
    });
    if ("status" in answer) return toResponse(request.c, answer);
    const page = await addDeparted(env, goalId, { after, limit }, answer.live);
    return toResponse(request.c, reply(200, toWireHistory(page.items, page.next && encodePlace(page.next))));
  },
});
