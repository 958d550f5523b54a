/** The material in a request, from a multipart form or from JSON. */
import { AppError, invalid } from "../../lib/errors";
import { hashSha256 } from "../../lib/ids";
import { FormError, readForm, type FormEntry, type FormFile } from "../../lib/files/multipart";
import { parse } from "../../lib/schemas/parse";
import { readJsonObject } from "../../rest/body";
import type { RestContext } from "../../rest/request";
import { wireBody, wireShape } from "../../rest/schemas/wire";
import { z } from "../../rest/schemas/zod";
import { MaterialDraft } from "../inputs";
import { FILE_MAX_BYTES } from "../rules";

/** Room for the form around a file. */
const FORM_MAX_BYTES = FILE_MAX_BYTES + 64 * 1024;

const Fields = MaterialDraft.omit({ storageId: true });
const Draft = wireBody("SessionMaterialFields", Fields);
export const FormDraft = z
  .strictObject({ ...wireShape(Fields), file: z.any().optional().openapi({ type: "string", format: "binary" }) })
  .openapi("SessionMaterialDraft");
export const JsonDraft = z
  .strictObject({
    ...wireShape(Fields),
    file: z.string().nullish().openapi({ readOnly: true, description: "As an answer said it" }),
  })
  .openapi("SessionMaterialJsonDraft");

export const READ_ONLY = ["id", "session", "uploaded_by", "uploaded_at", "scan_status"];

export type Sent = { draft: z.output<typeof Draft>; file: FormFile | null };

/**
 * The request's material, from JSON or a form. 400 for a malformed one, 413 over the size, 415 for other media types.
 */
export async function readMaterial(c: RestContext): Promise<Sent> {
  const mediaType = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "multipart/form-data") {
    const { file, ...sent } = writable(await readJsonObject(c));
    // The file of an answer may be sent back; it names no new one.
    if (file !== undefined && file !== null && typeof file !== "string")
      throw invalid({ file: ["Must come in a multipart form."] });
    return { draft: parse(Draft, sent), file: null };
  }
  if (Number(c.req.header("content-length") ?? 0) > FORM_MAX_BYTES) throw tooLarge();
  const body = await c.req.raw.arrayBuffer();
  if (body.byteLength > FORM_MAX_BYTES) throw tooLarge();
  const { file, ...sent } = writable(toForm(c, body));
  if (file !== undefined && (typeof file !== "object" || file === null)) throw invalid({ file: ["Must be a file."] });
  if (c.req.header("idempotency-key") !== undefined)
    c.set("bodyText", await hashOf(sent, file as FormFile | undefined));
  return { draft: parse(Draft, sent), file: (file as FormFile | undefined) ?? null };
}

export const tooLarge = () => new AppError("TOO_LARGE", "The file is larger than 10 MiB.");

const writable = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !READ_ONLY.includes(name)));

function toForm(c: RestContext, body: ArrayBuffer): Record<string, unknown> {
  const fields = new Map<string, FormEntry[1][]>();
  for (const [name, value] of parseFormBody(c, body)) {
    if (isUnused(name, value)) continue;
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  const repeated = [...fields].filter(([name, { length }]) => length > 1 && !READ_ONLY.includes(name));
  if (repeated.length > 0) throw invalid(Object.fromEntries(repeated.map(([name]) => [name, ["Must be given once."]])));
  return Object.fromEntries(Array.from(fields, ([name, [value]]) => [name, value]));
}

/** A file input that nobody used comes as a file without name and bytes from browsers, as an empty text from others. */
const isUnused = (name: string, value: FormEntry[1]): boolean =>
  typeof value === "object" ? value.name === "" && value.bytes.length === 0 : name === "file" && value === "";

function parseFormBody(c: RestContext, body: ArrayBuffer): FormEntry[] {
  try {
    return readForm(c.req.header("content-type") ?? "", body);
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw invalid({ body: [error.message] }, `The body is not a valid multipart form. ${error.message}`);
  }
}

/** A hash that is the same for equal forms, whatever boundary separates their parts. */
async function hashOf(fields: Record<string, unknown>, file: FormFile | undefined): Promise<string> {
  const digest = file ? new Uint8Array(await crypto.subtle.digest("SHA-256", file.bytes)).join() : "";
  return await hashSha256(JSON.stringify([fields, file?.name, digest]));
}
