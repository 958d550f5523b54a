/** Contracts §5 over HTTP. Paths end in a slash; errors are `{detail}`. */
import { createRoute, z } from "@hono/zod-openapi";
import { internal } from "../_generated/api";
import { declare, read, restApp } from "../lib/rest/app";
import { errors, json, SECURITY } from "../lib/rest/schemas";
import { ErrorBody, Goal } from "./wire";

export const focusApp = restApp((error) => ({
  detail: error.message,
  ...(error.fields && { fields: error.fields }),
}));

declare(
  focusApp,
  createRoute({
    method: "get",
    path: "/api/v1/goals/{goalId}/",
    tags: ["Focus sessions"],
    summary: "A goal of the caller",
    security: SECURITY,
    request: { params: z.object({ goalId: z.uuid() }) },
    responses: { 200: json(Goal, "The goal"), ...errors(ErrorBody, 401, 404, 429) },
  }),
  (request) => read(request, internal.focus.rest.goal, request.params),
);
