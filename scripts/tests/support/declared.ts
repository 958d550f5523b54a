/** Holds answers against the OpenAPI document of the deployment that gave them. */
import { z } from "zod";
import { cleanText } from "../../../convex/lib/text";

type Schema = Record<string, unknown>;
type Content = Record<string, { schema?: Schema }>;
interface Answered {
  $ref?: string;
  headers?: Record<string, unknown>;
  content?: Content;
}
interface Operation {
  requestBody?: { content: Content };
  responses: Record<string, Answered>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses?: Record<string, Answered> };
}

/** Headers by which clients act. What a host adds to every answer (`Date`, `Vary`, CORS) is no endpoint's. */
const ACTED_ON = [
  "ETag",
  "Link",
  "Location",
  "Retry-After",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
  "Set-Cookie",
  "WWW-Authenticate",
  "X-Guest-Session-Id",
  "X-Request-Id",
  "Content-Disposition",
  "Cache-Control",
];

const documents = new Map<string, Promise<Document>>();

/** The document at `siteUrl`, fetched once. */
function documentAt(siteUrl: string): Promise<Document> {
  const known =
    documents.get(siteUrl) ?? fetch(`${siteUrl}/api/openapi.json`).then((answer) => answer.json() as Promise<Document>);
  documents.set(siteUrl, known);
  return known;
}

/** The operation that a request is of, or null for what the document does not list. Plain paths go before templates. */
function operationOf(document: Document, method: string, path: string): Operation | null {
  const { pathname } = new URL(path, "http://host");
  const templates = Object.keys(document.paths).filter((template) =>
    new RegExp(`^${template.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
  );
  const template = templates.find((candidate) => candidate === pathname) ?? templates[0];
  if (template === undefined) return null;
  return document.paths[template]?.[method === "HEAD" ? "get" : method.toLowerCase()] ?? null;
}

const validators = new WeakMap<Schema, z.ZodType>();

/** The reason why a value does not fit a schema of the document, or null. */
function mismatch(document: Document, schema: Schema | undefined, value: unknown): string | null {
  if (schema === undefined) return null;
  const known =
    validators.get(schema) ??
    z.fromJSONSchema(JSON.parse(selfContained(document, schema)) as Parameters<typeof z.fromJSONSchema>[0]);
  validators.set(schema, known);
  const result = known.safeParse(value);
  return result.success ? null : z.prettifyError(result.error);
}

const selfContained = (document: Document, schema: Schema): string =>
  JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll("#/components/schemas/", "#/$defs/");

/** A sent body as its lengths count: texts trimmed (convex/rest/README.md §0, Input). */
const cleaned = (sent: unknown): unknown =>
  JSON.parse(JSON.stringify(sent), (_, value: unknown) => (typeof value === "string" ? cleanText(value) : value));

export interface Exchange {
  method: string;
  path: string;
  /** The body that was sent, where it was JSON. */
  sent?: unknown;
  status: number;
  headers: Headers;
  body: unknown;
}

/**
 * Where an answer departs from what the document at `siteUrl` declares: its status, headers and body, and the body it
 * accepted.
 */
export async function undeclared(
  siteUrl: string,
  { method, path, sent, status, headers, body }: Exchange,
): Promise<string[]> {
  const document = await documentAt(siteUrl);
  const operation = operationOf(document, method, path);
  if (operation === null) return [];
  const declared = operation.responses[status];
  if (declared === undefined) return [`status ${status}`];
  const answer = declared.$ref ? document.components.responses?.[declared.$ref.split("/").at(-1)!] : declared;
  const names = Object.keys(answer?.headers ?? {});
  const wrong = ACTED_ON.filter((name) => headers.has(name) && !names.includes(name)).map((name) => `header ${name}`);
  const answered =
    method === "HEAD" || body === undefined
      ? null
      : mismatch(document, answer?.content?.["application/json"]?.schema, body);
  if (answered !== null) wrong.push(`answered ${answered}`);
  const accepted =
    sent === undefined || status >= 300
      ? null
      : mismatch(document, operation.requestBody?.content["application/json"]?.schema, cleaned(sent));
  if (accepted !== null) wrong.push(`accepted ${accepted}`);
  return wrong;
}
