/** The body of a request: its size, its text, and what an endpoint's schema makes of it. */
import type { RouteConfig } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { AppError, invalid } from "../lib/errors";
import { parse } from "../lib/schemas/parse";
import { deeperThan, MAX_JSON_DEPTH } from "../lib/jsonDepth";
import { takesBody, type AnyEndpoint, type Asked } from "./domain";
import type { RestContext, RestEnv } from "./request";
import { z } from "./schemas/zod";

const MAX_JSON_BYTES = 1024 * 1024;

/** 413 over 1 MiB, as soon as that is known, so that no more is ever held. */
export const limitBody: MiddlewareHandler<RestEnv> = (c, next) => {
  const declared = c.req.header("content-length");
  // Hono's looks for the body before it looks at its length, which makes a stream of it.
  if (declared === undefined) return limitStream(c, next);
  if (Number(declared) > MAX_JSON_BYTES) throw tooLarge();
  return next();
};

const tooLarge = () => new AppError("TOO_LARGE", "The body is larger than 1 MiB.");

const limitStream = bodyLimit({
  maxSize: MAX_JSON_BYTES,
  onError: () => {
    throw tooLarge();
  },
});

/** The body of a request to an endpoint, validated; undefined when the endpoint takes none or reads it itself. */
export async function readBody(asked: Asked, endpoint: AnyEndpoint): Promise<unknown> {
  const { contract, readOnly, ownBody } = endpoint;
  const declared = contract.request?.body;
  if (ownBody || (!declared && !takesBody(contract.method))) return undefined;
  const schema = declared ? getSchema(declared) : NO_FIELDS;
  if (!schema) return undefined;
  let sent: Record<string, unknown> = {};
  try {
    sent = omitFields(await readJsonObject(asked.c), readOnly);
    return parse(schema, sent);
  } catch (error) {
    await endpoint.countRefused?.(asked, sent);
    throw error;
  }
}

const NO_FIELDS = z.strictObject({});

type Declared = NonNullable<NonNullable<RouteConfig["request"]>["body"]>;

function getSchema({ content }: Declared): z.ZodType | undefined {
  const media = content["application/json"];
  return media && "schema" in media && media.schema instanceof z.ZodType ? media.schema : undefined;
}

const omitFields = (body: Record<string, unknown>, names: readonly string[] = []) =>
  names.length === 0 ? body : Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

/**
 * The request's JSON object, empty when nothing was sent. 415 for another media type or a compressed body, 400 for
 * anything that is not a JSON object in UTF-8 or is nested deeper than 60 levels. The text is kept for
 * `Idempotency-Key`, and for drafts, whose JSON is stored as it was sent.
 */
export async function readJsonObject(c: RestContext): Promise<Record<string, unknown>> {
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength === 0) return {};
  const coding = c.req.header("content-encoding")?.trim().toLowerCase();
  if (coding && coding !== "identity")
    throw new AppError("UNSUPPORTED_TYPE", "The body must be sent as it is, without Content-Encoding.");
  const mediaType = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json" && !mediaType?.endsWith("+json"))
    throw new AppError("UNSUPPORTED_TYPE", "The body must be application/json.");
  const text = decodeUtf8(bytes);
  c.set("bodyText", text);
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid({ body: ["is not valid JSON"] }, "The body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid({ body: ["must be a JSON object"] }, "The body must be a JSON object.");
  if (deeperThan(value, MAX_JSON_DEPTH))
    throw invalid({ body: [`is nested deeper than ${MAX_JSON_DEPTH} levels`] }, "The body is nested too deeply.");
  return value as Record<string, unknown>;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decodeUtf8(bytes: ArrayBuffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid({ body: ["is not UTF-8"] }, "The body is not UTF-8.");
  }
}
