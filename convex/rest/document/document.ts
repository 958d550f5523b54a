/**
 * The OpenAPI document. A route declares what is its own; what the server does for all alike is added here, from the
 * same options by which `pipeline.ts` does it: the answers that any request may get, their headers, and read-only
 * names.
 */
import { OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import { takesBody, type AnyEndpoint, type Domain } from "../domain";
import { GUEST, headers, IDEMPOTENCY_KEY, PARAMETERS, RESPONSE_HEADERS, type ResponseHeader } from "../schemas/headers";
import type { Answer, Document, Schema } from "./openapi";
import { unambiguous } from "./paths";
import { errors } from "../schemas/fields";

const INFO = {
  title: "live-sessions",
  version: "1",
  description: [
    "REST contracts for account, valuation, focus and tutoring sessions. Times are RFC 3339, UTC. Trailing slashes are part of the path.",
    "Texts other than passwords are trimmed before their length counts. Names marked `readOnly` may be sent back and are ignored; unknown ones are errors.",
    "HEAD is answered as GET; a method that a path does not serve is 405 with `Allow`, an unknown path 404.",
  ].join(" "),
};

const SECURITY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
  sessionId: { type: "apiKey", in: "header", name: "Authorization", description: "`Authorization: SessionID <uuid>`" },
} as const;

export function buildDocument(domains: readonly Domain[]): Document {
  const generator = new OpenAPIHono();
  const registry = generator.openAPIRegistry;
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES))
    registry.registerComponent("securitySchemes", name, scheme);
  for (const [name, parameter] of Object.entries(PARAMETERS)) registry.registerComponent("parameters", name, parameter);
  for (const [name, description] of Object.entries(RESPONSE_HEADERS))
    registry.registerComponent("headers", name, {
      description,
      schema: { type: /^(Retry-After|RateLimit-.*)$/.test(name) ? "integer" : "string" },
    });
  for (const domain of domains)
    for (const endpoint of domain.endpoints) registry.registerPath(asServed(endpoint, domain));
  const document = generator.getOpenAPI31Document({ openapi: "3.1.0", info: INFO }) as unknown as Document;
  for (const { contract, readOnly } of domains.flatMap(({ endpoints }) => endpoints)) {
    const body = document.paths[contract.path]?.[contract.method]?.requestBody;
    for (const { schema } of Object.values(body?.content ?? {})) ignoring(readOnly, document, schema);
  }
  document.paths = unambiguous(document.paths);
  shareErrors(document);
  return document;
}

// Under these a repeated request signs in once more (rest/README §0).
const NEVER_REPLAYED = /^\/api\/(auth|sessions\/create)\//;
const EMPTY_OBJECT: Schema = { type: "object", additionalProperties: false };

/** The declaration with all that `pipeline.ts` adds to it. */
function asServed(endpoint: AnyEndpoint, { errorBody }: Domain): RouteConfig {
  const { contract: route, caller = "user", guest } = endpoint;
  const limited = hasLimit(endpoint);
  const changes = route.method !== "get";
  const sends = takesBody(route.method);
  const replayed = route.method === "post" && !NEVER_REPLAYED.test(route.path);
  const statuses = [
    ...(sends || route.request?.query ? [400] : []),
    ...(caller === "none" ? [] : [401]),
    // A cookie alone, from another origin.
    ...(guest && changes && caller === "optional" ? [403] : []),
    ...(route.request?.params ? [404] : []),
    ...(replayed ? [409] : []),
    ...(sends ? [413, 415] : []),
    ...(limited ? [429] : []),
    500,
  ];
  const responses: Record<string, Answer> = {
    ...(errors(errorBody, ...statuses) as object),
    ...(route.responses as object),
  };
  return {
    ...route,
    parameters: [...(replayed ? IDEMPOTENCY_KEY : []), ...(guest ? GUEST : []), ...(route.parameters ?? [])],
    request: {
      ...route.request,
      ...(sends &&
        !route.request?.body && {
          body: { content: { "application/json": { schema: EMPTY_OBJECT as never } }, required: false },
        }),
    },
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, answer]) => [
        status,
        { ...answer, headers: { ...headers(...buildHeaders(status, limited)), ...answer.headers } },
      ]),
    ),
  } as RouteConfig;
}

const hasLimit = ({ limit, countsLogins }: AnyEndpoint): boolean => limit !== "own" || countsLogins !== undefined;

const buildHeaders = (status: string, limited: boolean): ResponseHeader[] => [
  ...(status === "401" ? (["WWW-Authenticate"] as const) : []),
  ...(status === "429" ? (["Retry-After"] as const) : []),
  ...(limited ? (["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"] as const) : []),
  "X-Request-Id",
];

/** Lets a request's schema take the names that the server ignores. */
function ignoring(names: readonly string[] = [], document: Document, schema: Schema | undefined): void {
  const properties = (schema?.$ref ? document.components.schemas[getName(schema.$ref)] : schema)?.properties;
  if (properties) for (const name of names) properties[name] ??= { readOnly: true };
}

export const getName = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

/** Tells each domain's error answers once: they are most of the document otherwise. */
function shareErrors(document: Document): void {
  const shared = (document.components.responses ??= {});
  for (const { responses } of Object.values(document.paths).flatMap((item) => Object.values(item)))
    for (const [status, answer] of Object.entries(responses)) {
      const body = answer.content?.["application/json"]?.schema?.$ref;
      if (Number(status) < 400 || !body) continue;
      const name = `${getName(body)}${status}`;
      const first = (shared[name] ??= answer);
      if (JSON.stringify(first) === JSON.stringify(answer))
        responses[status] = { $ref: `#/components/responses/${name}` };
    }
}
