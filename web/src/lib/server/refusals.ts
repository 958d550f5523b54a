import { ConvexError } from "convex/values";
import { t } from "@/messages/translate";
import type { FieldErrors } from "../errors";

type Told = { code?: string; message?: string; fields?: FieldErrors };

/** An answer of the REST interface that refuses, as the error that the live function would have thrown. */
export async function toRefusal(response: Response): Promise<Error> {
  const told = tellOf(await response.json().catch(() => null));
  const retryAfter = Number(response.headers.get("Retry-After"));
  return new ConvexError({
    code: told.code ?? (response.status === 403 ? "FORBIDDEN" : "UNKNOWN"),
    message: told.message ?? t("common.notFetched"),
    fields: told.fields ?? {},
    ...(response.status === 429 && retryAfter > 0 && { retryAfter }),
  });
}

/** Domains answer `{error: "…", fields}` or `{error: {code, message, fields}}`. */
function tellOf(body: unknown): Told {
  if (typeof body !== "object" || body === null || !("error" in body)) return {};
  const { error } = body;
  if (typeof error === "string")
    return { message: error, ...("fields" in body && { fields: body.fields as FieldErrors }) };
  return typeof error === "object" && error !== null ? error : {};
}

/** The server was not reached at all. */
export const toUnreached = (): Error => new ConvexError({ code: "UNREACHED", message: t("common.notFetched") });
