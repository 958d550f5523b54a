import { HttpRouterWithHono, normalizeMethod } from "convex-helpers/server/hono";
import type { Hono } from "hono";
import type { RestEnv } from "./request";

/**
 * The deployment's router over a Hono app. It names each request in the logs by the endpoint that answers it
 * (`GET /api/sessions/:id/join/`); by itself it would name all of them after the last route that matches, which is the
 * one for unknown paths.
 */
export function restRouter(app: Hono<RestEnv>) {
  const http = new HttpRouterWithHono(app);
  const lookup = http.lookup.bind(http);
  const ofHono = lookup("/", "GET")?.[0];
  http.lookup = (path, method) => {
    const found = lookup(path, method);
    if (found === null || found[0] !== ofHono) return found;
    const [routes] = app.router.match(method, path);
    const endpoint = routes.map(([[, route]]) => route.path).find((pattern) => !pattern.endsWith("*"));
    // Without the patterns of parameters, which nobody wants to read in a log.
    return [found[0], normalizeMethod(method), endpoint?.replace(/(:\w+)\{[^/]+\}/g, "$1") ?? "*"];
  };
  return http;
}
