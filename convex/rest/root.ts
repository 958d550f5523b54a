/** What every REST answer shares, whichever domain gives it: request id, CORS, the OpenAPI document, the last 404. */
import { Hono } from "hono";
import { refuseOtherMethods, refuseTheRest, type RestApp } from "./app";
import { docsPage } from "./docs";
import { documentOf } from "./document";
import type { Document } from "./openapi";
import { allowedOrigins } from "./origins";
import type { RestContext, RestEnv } from "./request";

const ALLOWED_HEADERS = "Authorization, Content-Type, If-Match, Idempotency-Key, X-Guest-Session-Id";
const EXPOSED_HEADERS = "ETag, Link, Retry-After, X-Guest-Session-Id, X-Request-Id";
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

export function rootApp(domains: RestApp[]): Hono<RestEnv> {
  const app = new Hono<RestEnv>({ getPath: sentPath });
  app.use("*", async (c, next) => {
    const requestId = crypto.randomUUID();
    c.set("requestId", requestId);
    const origin = c.req.header("origin");
    const allowed = origin !== undefined && allowedOrigins().includes(origin);
    if (c.req.method === "OPTIONS" && origin !== undefined && c.req.header("access-control-request-method"))
      c.res = preflight(allowed);
    else
      try {
        await next();
      } catch (error) {
        // Hono hands on what is no Error of its own realm, such as the failure of a body's stream.
        c.res = failed(error, c as RestContext);
      }
    c.res.headers.set("X-Request-Id", requestId);
    // Also without an origin: what a browser keeps of a page it went to must not answer for what a script asks.
    c.res.headers.append("Vary", "Origin");
    if (!allowed) return;
    c.res.headers.set("Access-Control-Allow-Origin", origin);
    c.res.headers.set("Access-Control-Allow-Credentials", "true");
    c.res.headers.set("Access-Control-Expose-Headers", EXPOSED_HEADERS);
  });
  for (const domain of domains) {
    refuseTheRest(domain);
    app.route("/", domain);
  }
  let document: string | undefined;
  const openApi = () => (document ??= JSON.stringify(documentOf(domains)));
  app.get("/api/openapi.json", (c) => c.body(openApi(), 200, { "Content-Type": "application/json; charset=utf-8" }));
  app.get("/api/docs", (c) => c.html(docsPage(JSON.parse(openApi()) as Document)));
  for (const path of ["/api/openapi.json", "/api/docs"])
    refuseOtherMethods(app, path, ["GET"], ({ message }) => ({ error: message }));
  app.all("*", (c) => c.json({ error: "Not found" }, 404));
  app.onError(failed);
  return app;
}

function failed(error: unknown, c: RestContext): Response {
  console.error(`request ${c.get("requestId")} failed`, error);
  return c.json({ error: "Internal server error" }, 500);
}

/** The path as it was sent: paths match byte for byte (contracts §0), so `%6C` is no `l`. Parameters are decoded later. */
function sentPath({ url }: Request): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

const preflight = (allowed: boolean): Response =>
  new Response(null, {
    status: 204,
    headers: allowed
      ? {
          "Access-Control-Allow-Methods": METHODS,
          "Access-Control-Allow-Headers": ALLOWED_HEADERS,
          "Access-Control-Max-Age": "600",
        }
      : {},
  });
