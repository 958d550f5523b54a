/**
 * A domain's part of the REST interface, as data: its endpoints, the body of its errors and the paths that are its own.
 * `pipeline.ts` serves it, `document/` describes it.
 */
import type { RouteConfig } from "@hono/zod-openapi";
import type { Scope } from "../identity/scopes";
import type { EndpointLimit } from "../identity/limits/callerTokens";
import type { RestContext, Sender, ToErrorBody } from "./request";
import type { z } from "./schemas/zod";

export type Domain = {
  toErrorBody: ToErrorBody;
  /** The schema of what `toErrorBody` makes. */
  errorBodySchema: z.ZodType;
  /** Path patterns that are this domain's alone, so that unknown paths among them get its error body too. */
  owned: readonly string[];
  endpoints: AnyEndpoint[];
};

/** An empty domain; `declare` adds its endpoints. */
export const restDomain = (
  toErrorBody: ToErrorBody,
  errorBodySchema: z.ZodType,
  owned: readonly string[] = [],
): Domain => ({
  toErrorBody,
  errorBodySchema,
  owned,
  endpoints: [],
});

type Input<Schema, Otherwise> = Schema extends z.ZodType ? z.output<Schema> : Otherwise;
type ParamsOf<R extends RouteConfig> = R extends { request: { params: infer S } } ? Input<S, object> : object;
type QueryOf<R extends RouteConfig> = R extends { request: { query: infer S } } ? Input<S, object> : object;
type BodyOf<R extends RouteConfig> = R extends {
  request: { body: { content: { "application/json": { schema: infer S } } } };
}
  ? Input<S, object>
  : undefined;

/** The part of a request that its transaction needs. */
export type Asked = { c: RestContext; sender: Sender };

/** A request that has passed authentication, limits and validation. */
export type RestRequest<R extends RouteConfig = RouteConfig> = Asked & {
  params: ParamsOf<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
};

export type Endpoint<R extends RouteConfig = RouteConfig> = EndpointOptions & {
  /** Path, validation and documentation. It leaves out what all endpoints answer alike. */
  contract: R;
  /** Answers a validated request. What it throws becomes the domain's error body. */
  run(request: RestRequest<R>): Promise<Response>;
};

/** Settings of an endpoint besides its contract and its answer; the OpenAPI document shows them too. */
export type EndpointOptions = {
  /**
   * `user` (default): a user's credential is required. `userOrService`: a service key too. `service`: only that.
   * `optional`: anyone, but a
   * bad credential is still 401. `none`: `Authorization` is ignored.
   */
  caller?: "user" | "userOrService" | "service" | "optional" | "none";
  /** The scope that a service key must have, where one is taken. */
  scope?: Scope;
  /** The limit that counts the request; `own` when the endpoint counts it itself. */
  limit?: EndpointLimit | "own";
  /**
   * The login limits that the endpoint counts requests against itself, told in `RateLimit-*`: those of the address and
   * of the email in the body, or that of the caller's own email.
   */
  countsLogins?: "named" | "own";
  /**
   * With `own`: counts a request whose body is refused, so that `run` never sees it. Takes what could be read of the
   * body.
   */
  countRefused?(request: Asked, body: Record<string, unknown>): Promise<void>;
  /**
   * The transaction that answers counts the request along with its work, which saves one of its own. Only where `run`
   * is one `write` with nothing before it, and where the limit may be the user's.
   */
  countedByWrite?: boolean;
  /** Names of the resource that clients may send back and that are ignored. */
  readOnly?: readonly string[];
  /** Whether the guest id of the request is read, beside or instead of a credential. */
  guest?: boolean;
  /** Answers 200 carry an ETag of their bytes, and one that the client has is 304. */
  etag?: boolean;
  /** `run` reads and checks the body itself. */
  ownBody?: boolean;
  /** Regular expressions of path parameters, where the path alone decides who answers: `{ id: "[0-9]+" }`. */
  pattern?: Record<string, string>;
};

/** An endpoint among others: what its schemas give is checked where it is declared. */
export type AnyEndpoint = EndpointOptions & {
  contract: RouteConfig;
  run(request: Asked & { params: object; query: object; body: unknown }): Promise<Response>;
};

/** Adds an endpoint to its domain. */
export function declare<R extends RouteConfig>(domain: Domain, endpoint: Endpoint<R>): void {
  domain.endpoints.push(endpoint);
}

const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);
export const takesBody = (method: string): boolean => WITH_BODY.has(method.toUpperCase());
