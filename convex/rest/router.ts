import { HttpRouterWithHono, normalizeMethod } from "convex-helpers/server/hono";
import type { Hono } from "hono";
import type { Result, Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";
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

const KEPT_MAX = 500;
const KEPT_PATH_MAX = 200;

/**
 * A router that keeps its latest matches, by method and path. Each request is matched three times: twice to name it,
 * once to answer it. Of Hono's routers only the trie tells `:id{[0-9]+}` from `:sessionId{…}` in one place, and it
 * searches for 15 µs.
 */
export class KeepingRouter<T> implements Router<T> {
  readonly name = "KeepingRouter";
  readonly #trie = new TrieRouter<T>();
  #kept = new Map<string, Result<T>>();

  add(method: string, path: string, handler: T): void {
    this.#trie.add(method, path, handler);
    this.#kept = new Map();
  }

  match(method: string, path: string): Result<T> {
    const key = `${method} ${path}`;
    let result = this.#kept.get(key);
    if (!result) {
      result = this.#trie.match(method, path);
      if (this.#kept.size >= KEPT_MAX) this.#kept = new Map();
      if (path.length <= KEPT_PATH_MAX) this.#kept.set(key, result);
    }
    return result;
  }
}
