/** Finds the HTTP action for a request: in the app's router, and in those of components mounted under a prefix. */
import type { FunctionTable } from "../functions";
import type { ThrownError } from "../isolate";
import type { ActionRealm } from "./action-realm";
import type { ActionRealms } from "./action-realms";

interface HttpHandler {
  invokeHttpAction(request: Request): Promise<Response>;
}

/** `HttpRouter` of convex/server, as far as it is used here. */
interface Router {
  lookup(path: string, method: string): readonly [HttpHandler, method: string, path: string] | null;
}

export interface Route {
  component: string;
  /** Loads the handler into the realm in which it runs. */
  enter(): { realm: ActionRealm; handler: HttpHandler };
  /** `GET /path/*`, for logs. */
  identifier: string;
}

interface Mount {
  component: string;
  /** Ends in a slash, except for the app at the root, where it is empty. */
  prefix: string;
}

export const ROUTER_MODULE = "http.js";

export class HttpRoutes {
  /** Longest prefix first. */
  readonly #mounts: Mount[];
  readonly #routers = new Map<string, Router | null>();
  readonly #realms: ActionRealms;

  constructor(table: FunctionTable, realms: ActionRealms) {
    this.#realms = realms;
    this.#mounts = [];
    for (const { instance, modules } of table.components()) {
      const prefix = instance.httpPrefix;
      if (!modules.get(ROUTER_MODULE) || (instance.path !== "" && prefix === null)) continue;
      this.#mounts.push({
        component: instance.path,
        prefix: prefix === null || prefix === "/" ? "" : prefix.replace(/\/?$/, "/"),
      });
    }
    this.#mounts.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  /** The matching route, null, or why a router could not be loaded. */
  find(request: Request): Route | { thrown: ThrownError } | null {
    if (this.#mounts.length === 0) return null;
    const path = readPath(request.url);
    for (const { component, prefix } of this.#mounts) {
      if (!path.startsWith(prefix)) continue;
      let router: Router | null;
      try {
        router = this.#router(component);
      } catch (error) {
        return { thrown: this.#realms.lasting(component).describe(error) };
      }
      // The slash that ends the prefix begins the path within the component.
      const pathWithin = prefix === "" ? path : path.slice(prefix.length - 1);
      const match = router?.lookup(pathWithin, request.method);
      if (!match) continue;
      const [handler, method, pattern] = match;
      const identifier = `${method} ${prefix === "" ? pattern : prefix.slice(0, -1) + pattern}`;
      const enter = () => {
        if (this.#realms.reuses(component, ROUTER_MODULE)) return { realm: this.#realms.lasting(component), handler };
        const realm = this.#realms.take(component, ROUTER_MODULE);
        const own = (realm.load(ROUTER_MODULE).default as Router).lookup(pathWithin, request.method);
        return { realm, handler: own ? own[0] : handler };
      };
      return { component, enter, identifier };
    }
    return null;
  }

  /** Loads the routers, one a step. */
  *warmUp(): Generator<() => void> {
    for (const { component } of this.#mounts) yield () => void this.#router(component);
  }

  #router(component: string): Router | null {
    const known = this.#routers.get(component);
    if (known !== undefined) return known;
    const exported = this.#realms.lasting(component).load(ROUTER_MODULE).default as Partial<Router> | undefined;
    const router = typeof exported?.lookup === "function" ? (exported as Router) : null;
    this.#routers.set(component, router);
    return router;
  }
}

/** The path of an absolute URL, without the cost of parsing all of it. */
function readPath(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  if (start < 0) return "/";
  const end = url.slice(start).search(/[?#]/);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
}
