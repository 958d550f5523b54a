/** Actions of both runtimes, and HTTP actions: start to outcome. */
import {
  checkArguments,
  checkKind,
  checkResult,
  type AppRuntime,
  type ExecutionLog,
  makeFailedOutcome,
  makeFailure,
  type Failure,
  describeThrown,
  formatFailure,
  formatPath,
  type FunctionCall,
  type LoadedFunction,
  type Logged,
  type Outcome,
  RequestScope,
  type Result,
  makeTimeoutFailure,
} from "../functions";
import { sharedClasses } from "../isolate";
import { ActionRun } from "./action-run";
import { ActionRealms } from "./action-realms";
import type { ActionServices } from "./action-syscalls";
import { HttpRoutes, ROUTER_MODULE } from "./http-router";
import type { NodePool } from "./node-pool";

const ACTION_LIMIT_MS = 30 * 60 * 1000;
const MAX_NODE_ARGS_BYTES = 5 * 1024 * 1024;
const NODE_ACTION_LIMIT_MS = 10 * 60 * 1000;

interface ActionFunction {
  invokeAction(requestId: string, args: string): Promise<string>;
}

/** Runs actions of one version of the code. */
export class Actions {
  readonly #code: AppRuntime;
  readonly #log: ExecutionLog;
  readonly #node: NodePool;
  readonly #realms: ActionRealms;
  readonly #routes: HttpRoutes;

  constructor(code: AppRuntime, services: ActionServices, log: ExecutionLog, node: NodePool) {
    this.#code = code;
    this.#log = log;
    this.#node = node;
    this.#realms = new ActionRealms(code, services);
    this.#routes = new HttpRoutes(code.table, this.#realms);
  }

  /** Steps that make the first request as quick as later ones. */
  *warmUp(): Generator<() => void> {
    yield* this.#routes.warmUp();
    const modules = new Set<string>();
    for (const { functions } of this.#code.table.components())
      for (const { environment, module } of functions.values()) if (environment === "node") modules.add(module);
    yield () => this.#node.warmUp(modules);
  }

  /** Called when other code is served. */
  retire(): void {
    this.#realms.retire();
  }

  async run(call: FunctionCall): Promise<Outcome> {
    const request = new RequestScope(this.#code, call);
    const fn = this.#code.table.find(call.component, call.path, call.reach);
    if (typeof fn === "string") return makeFailedOutcome(makeFailure(fn), request.requestId, []);
    const what = fn.logged;
    const started = performance.now();
    request.logs.onLine = (line) => this.#log.logProgress(request, what, line);
    const result = checkKind(fn, "action") ?? (await this.#execute(request, fn, call));
    this.#log.logFinished(request, what, { result, tookMs: performance.now() - started, isStreamed: true });
    const logLines = request.logs.texts();
    return result.ok
      ? { ok: true, value: result.value, logLines }
      : makeFailedOutcome(result, request.requestId, logLines);
  }

  /** The response of the route that matches, or null. Failures of the handler are responses too (500). */
  async runHttp(
    incoming: Request,
    identity: FunctionCall["identity"],
    client: FunctionCall["client"],
  ): Promise<Response | null> {
    const request = new RequestScope(this.#code, { identity, client });
    const route = this.#routes.find(incoming);
    if (route === null) return null;
    const what: Logged =
      "thrown" in route
        ? { udfType: "HttpAction", identifier: `${incoming.method} ${new URL(incoming.url).pathname}`, component: "" }
        : { udfType: "HttpAction", identifier: route.identifier, component: route.component };
    if ("thrown" in route) {
      const result = describeThrown(route.thrown);
      this.#log.logFinished(request, what, { result, tookMs: 0 });
      return this.#makeServerError(request, result);
    }
    const started = performance.now();
    request.logs.onLine = (line) => this.#log.logProgress(request, what, line);
    const run = new ActionRun(request, route.component, null);
    let response: unknown;
    let result: Result = { ok: true, value: "" };
    const { realm, handler } = route.enter();
    const end = this.#realms.reuses(route.component, ROUTER_MODULE) ? null : sharedClasses.beginAction();
    try {
      response = await realm.enter(run, () => run.guard(() => handler.invokeHttpAction(realm.adopt(incoming))));
      if (!(response instanceof Response)) result = makeFailure(`${route.identifier} did not return a Response.`);
    } catch (error) {
      result = describeThrown(realm.describe(error));
    } finally {
      end?.();
    }
    this.#log.logFinished(request, what, { result, tookMs: performance.now() - started, isStreamed: true });
    if (result.ok) return response as Response;
    return this.#makeServerError(request, result);
  }

  #makeServerError(request: RequestScope, result: Failure): Response {
    const code = `[Request ID: ${request.requestId}] Server Error`;
    const headers = { "X-Request-Id": request.requestId };
    return Response.json({ code, trace: formatFailure(result) }, { status: 500, headers });
  }

  async #execute(request: RequestScope, fn: LoadedFunction, call: FunctionCall): Promise<Result> {
    const { store } = this.#code.options;
    const argsText = JSON.stringify(call.args);
    const invalid = checkArguments(fn, call.args, argsText, store);
    if (invalid) return invalid;
    const run = new ActionRun(request, fn.component.instance.path, fn);
    const isNode = fn.environment === "node";
    if (isNode && argsText.length > MAX_NODE_ARGS_BYTES)
      return makeFailure(
        `Arguments for ${formatPath(fn.identifier)} are too large for a Node action (actual: ${argsText.length} bytes, limit: 5 MiB)`,
      );
    const limitMs = isNode ? NODE_ACTION_LIMIT_MS : ACTION_LIMIT_MS;
    const result = await limitTime(
      limitMs,
      isNode ? this.#node.run(run, fn, argsText) : this.#runInRealm(run, fn, argsText),
    );
    return result.ok ? checkResult(fn, result.value, store) : result;
  }

  async #runInRealm(run: ActionRun, fn: LoadedFunction, argsText: string): Promise<Result> {
    const { component } = run;
    const realm = fn.reusesContext ? this.#realms.lasting(component) : this.#realms.take(component, fn.module);
    const end = fn.reusesContext ? null : sharedClasses.beginAction();
    try {
      const exports = realm.enter(run, () => realm.load(fn.module));
      if (!Object.hasOwn(exports, fn.name)) return makeFailure(`Couldn't find "${fn.name}" in module "${fn.module}".`);
      const action = exports[fn.name] as ActionFunction;
      const { requestId } = run.request;
      const value = await realm.enter(run, () => run.guard(() => action.invokeAction(requestId, `[${argsText}]`)));
      return { ok: true, value };
    } catch (error) {
      return describeThrown(realm.describe(error));
    } finally {
      if (!fn.reusesContext) realm.stopTimers();
      end?.();
    }
  }
}

function limitTime(limitMs: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(makeTimeoutFailure(limitMs)), limitMs);
    timer.unref();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
