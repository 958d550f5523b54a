/**
 * The OpenAPI document. A route declares what is its own; what the server does for all alike is added here, from the
 * same options by which `pipeline.ts` does it: the answers that any request may get, their headers, and read-only
 * names.
 */
import { OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import { ERROR_CODES } from "../errors/codes";
import { takesBody, type AnyEndpoint, type Domain } from "../domain";
import { GUEST, headers, IDEMPOTENCY_KEY, PARAMETERS, RESPONSE_HEADERS, type ResponseHeader } from "../schemas/headers";
import { getName, type Answer, type Document, type Schema } from "./openapi";
import { addExamples } from "./examples";
import { unambiguous } from "./paths";
import { addWords } from "./words";
import { errors } from "../schemas/fields";

const INFO = {
  title: "live-sessions",
  version: "1",
  license: { name: "MIT", identifier: "MIT" },
  contact: { name: "live-sessions" },
  description: [
    "REST contracts for account, valuation, focus and tutoring sessions. Times are RFC 3339, UTC. Trailing slashes are part of the path.",
    "Texts other than passwords are trimmed before their length counts. Names marked `readOnly` may be sent back and are ignored; unknown ones are errors.",
    "HEAD is answered as GET; a method that a path does not serve is 405 with `Allow`, an unknown path 404.",
  ].join(" "),
};

const SECURITY_SCHEMES = {
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "An access token: `access` as `POST /api/auth/token/` answers it",
  },
  sessionId: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: "`SessionID <uuid>`, the word included: `session_id` as signing in answers it",
  },
  serviceKey: {
    type: "http",
    scheme: "bearer",
    description: "The deployment's service key, or a named one with the scope",
  },
} as const;

/** Stands in the document for the address that `withServer` puts in its place. */
const SERVER_PLACE = "https://server.invalid";

/** The document's text for clients of the deployment at `url`. */
export const withServer = (text: string, url: string): string =>
  text.replace(JSON.stringify(SERVER_PLACE), () => JSON.stringify(url));

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
  nameCodes(document);
  document.paths = unambiguous(document.paths);
  addWords(document);
  addExamples(document);
  shareErrors(document);
  return { ...document, servers: [{ url: SERVER_PLACE }] };
}

// Under these a repeated request signs in once more (rest/README §0).
const NEVER_REPLAYED = /^\/api\/(auth|sessions\/create)\//;
const EMPTY_OBJECT: Schema = { type: "object", additionalProperties: false };

/** The refusals that follow from who calls and what is sent. */
function listCallerRefusals({ contract: { method, request }, caller = "user", scope, guest }: AnyEndpoint): number[] {
  const sends = takesBody(method);
  return [
    ...(sends || request?.query ? [400] : []),
    ...(caller === "none" ? [] : [401]),
    // A cookie alone, from another origin; a service key that lacks the scope.
    ...((guest && method !== "get" && caller === "optional") || scope !== undefined ? [403] : []),
    ...(request?.params ? [404] : []),
    ...(sends ? [413, 415] : []),
  ];
}

/** The declaration with all that `pipeline.ts` adds to it. */
function asServed(endpoint: AnyEndpoint, { errorBodySchema }: Domain): RouteConfig {
  const { contract: route, guest } = endpoint;
  const limited = hasLimit(endpoint);
  const sends = takesBody(route.method);
  const replayed = route.method === "post" && !NEVER_REPLAYED.test(route.path);
  const refusals = [...listCallerRefusals(endpoint), ...(replayed ? [409] : []), ...(limited ? [429] : [])];
  // An operation that refuses nothing still has an error to show: that of the path's other methods.
  const statuses = [...(refusals.length > 0 ? refusals : [405]), 500];
  const responses: Record<string, Answer> = {
    ...(errors(errorBodySchema, ...statuses) as object),
    ...(route.responses as object),
  };
  return {
    ...route,
    security: listSecurity(endpoint),
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
        { ...answer, headers: { ...headers(...buildHeaders(status, { limited, replayed })), ...answer.headers } },
      ]),
    ),
  } as RouteConfig;
}

const SERVICE_KEY = { serviceKey: [] };

/** The credentials that the endpoint takes: those it declares, and a service key where one is taken. */
function listSecurity({ contract: { security = [] }, caller, scope }: AnyEndpoint): Record<string, string[]>[] {
  if (caller === "none") return [];
  return scope === undefined || security.some((one) => "serviceKey" in one) ? security : [...security, SERVICE_KEY];
}

const hasLimit = ({ limit, countsLogins }: AnyEndpoint): boolean => limit !== "own" || countsLogins !== undefined;

const buildHeaders = (
  status: string,
  { limited, replayed }: { limited: boolean; replayed: boolean },
): ResponseHeader[] => [
  ...(replayed && Number(status) < 300 ? (["Idempotent-Replayed"] as const) : []),
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

const CODE: Schema = { $ref: "#/components/schemas/ErrorCode" };

/** Adds the codes of errors, which `errors/errors.ts` puts into the bodies of all domains. */
function nameCodes({ paths, components: { schemas } }: Document): void {
  schemas.ErrorCode = {
    type: "string",
    enum: Object.keys(ERROR_CODES),
    description: "What went wrong, for programs. `/api/docs/errors` says what each means and what to do",
  };
  for (const { responses } of Object.values(paths).flatMap((item) => Object.values(item)))
    for (const [status, { content }] of Object.entries(responses)) {
      const reference = content?.["application/json"]?.schema?.$ref;
      const properties = Number(status) >= 400 && reference ? schemas[getName(reference)] : undefined;
      if (properties) addCode(properties);
    }
}

function addCode(body: Schema): void {
  const nested = body.properties?.error?.properties;
  if (nested) nested.code = CODE;
  else if (body.properties && ("error" in body.properties || "detail" in body.properties)) {
    body.properties.code = CODE;
    body.required = [...new Set([...((body.required as string[] | undefined) ?? []), "code"])];
  }
}

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
