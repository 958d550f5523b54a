/** Materials of tutoring/README §6.12 over HTTP; part of `tutoringRest`. */
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import { AppError, invalid } from "../../lib/errors";
import { hashSha256 } from "../../lib/ids";
import { parse } from "../../lib/schemas/parse";
import { readJsonObject } from "../../rest/body";
import { declare, type Domain, type Asked } from "../../rest/domain";
import { read, write } from "../../rest/transaction";
import { headers } from "../../rest/schemas/headers";
import type { RestContext } from "../../rest/request";
import { errors, integerId, json, SECURITY } from "../../rest/schemas/fields";
import { wireBody, wireShape } from "../../rest/schemas/wire";
import { z } from "../../rest/schemas/zod";
import { takeBaseName, findMisfit } from "../files/fileTypes";
import { MaterialDraft } from "../inputs";
import { FILE_MAX_BYTES } from "../rules";
import { ErrorBody, Material } from "./schemas";

const TAGS = ["Tutoring materials"];
/** Room for the form around a file. */
const FORM_MAX_BYTES = FILE_MAX_BYTES + 64 * 1024;

const Fields = MaterialDraft.omit({ storageId: true });
const Draft = wireBody("SessionMaterialFields", Fields);
const FormDraft = z
  .strictObject({ ...wireShape(Fields), file: z.any().optional().openapi({ type: "string", format: "binary" }) })
  .openapi("SessionMaterialDraft");
const JsonDraft = z
  .strictObject({
    ...wireShape(Fields),
    file: z.string().nullish().openapi({ readOnly: true, description: "As an answer said it" }),
  })
  .openapi("SessionMaterialJsonDraft");

const READ_ONLY = ["id", "session", "uploaded_by", "uploaded_at", "scan_status"];

type Sent = { draft: z.output<typeof Draft>; file: File | null };

/**
 * The request's material, from JSON or a form. 400 for a malformed one, 413 over the size, 415 for other media types.
 */
async function materialOf(c: RestContext): Promise<Sent> {
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
  const { file, ...sent } = writable(await toForm(c, body));
  if (file !== undefined && (typeof file !== "object" || file === null)) throw invalid({ file: ["Must be a file."] });
  if (c.req.header("idempotency-key") !== undefined) c.set("bodyText", await hashOf(sent, file as File | undefined));
  return { draft: parse(Draft, sent), file: (file as File | undefined) ?? null };
}

const tooLarge = () => new AppError("TOO_LARGE", "The file is larger than 10 MiB.");

const writable = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !READ_ONLY.includes(name)));

async function toForm(c: RestContext, body: ArrayBuffer): Promise<Record<string, unknown>> {
  const fields = new Map<string, (string | File)[]>();
  (await parseFormBody(c, body)).forEach((value, name) => {
    if (isUnused(name, value)) return;
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  });
  const repeated = [...fields].filter(([name, { length }]) => length > 1 && !READ_ONLY.includes(name));
  if (repeated.length > 0) throw invalid(Object.fromEntries(repeated.map(([name]) => [name, ["Must be given once."]])));
  return Object.fromEntries(Array.from(fields, ([name, [value]]) => [name, value]));
}

/** A file input that nobody used comes as a file without name and bytes from browsers, as an empty text from others. */
const isUnused = (name: string, value: string | File): boolean =>
  typeof value === "object" ? value.name === "" && value.size === 0 : name === "file" && value === "";

async function parseFormBody(c: RestContext, body: ArrayBuffer): Promise<FormData> {
  try {
    return await new Response(body, { headers: { "Content-Type": c.req.header("content-type") ?? "" } }).formData();
  } catch {
    throw invalid({ body: ["is not a valid form"] }, "The body is not a valid multipart form.");
  }
}

/** A hash that is the same for equal forms, whatever boundary separates their parts. */
async function hashOf(fields: Record<string, unknown>, file: File | undefined): Promise<string> {
  const digest = file ? new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())).join() : "";
  return await hashSha256(JSON.stringify([fields, file?.name, digest]));
}

type Stored = { storageId: Id<"_storage">; name: string };

/** Stores the file after looking at its name and content; runs `work`, and drops the bytes again when that fails. */
async function withFile(
  request: Asked,
  sent: Sent,
  sessionId: number,
  work: (file?: Stored) => Promise<Response>,
): Promise<Response> {
  const { env } = request.c;
  if (!sent.file || sent.draft.type !== "file") {
    if (sent.file) throw invalid({ file: [`Is not for a ${sent.draft.type}.`] });
    return await work();
  }
  if (sent.file.size > FILE_MAX_BYTES) throw tooLarge();
  if (sent.file.size === 0) throw invalid({ file: ["The file is empty."] });
  await env.runQuery(internal.tutoring.rest.materialTransactions.mayUpload, {
    caller: request.sender.caller,
    input: { sessionId },
  });
  const bytes = new Uint8Array(await sent.file.arrayBuffer());
  const name = takeBaseName(sent.draft.fileName || sent.file.name);
  const reason = findMisfit(name, bytes);
  if (reason) throw new AppError("UNSUPPORTED_TYPE", reason);
  const storageId = await env.storage.store(new Blob([bytes]));
  try {
    return await work({ storageId, name });
  } catch (error) {
    await env.storage.delete(storageId);
    throw error;
  }
}

const toInput = ({ draft }: Sent, file?: Stored) => ({
  ...draft,
  ...(file && { storageId: file.storageId, fileName: file.name }),
});

const formatContentDisposition = (fileName: string): string => {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
};

/** Adds the endpoints of materials to the domain's app. */
export function declareMaterials(domain: Domain): void {
  const BASE = "/api/sessions/{session_id}/materials/";
  const ofSession = z.object({ session_id: integerId() });
  const ofMaterial = z.object({ session_id: integerId(), id: integerId() });
  const pattern = { session_id: "[0-9]+", id: "[0-9]+" };
  const body = {
    content: { "multipart/form-data": { schema: FormDraft }, "application/json": { schema: JsonDraft } },
    required: true,
    description: "A form for files; links and notes may come as JSON",
  };
  const ownBody = { pattern, ownBody: true, readOnly: READ_ONLY };

  declare(domain, {
    contract: {
      method: "get",
      path: BASE,
      tags: TAGS,
      summary: "A session's materials",
      description: "`url`, `file` and `content` are blank to others than its creator and participants.",
      security: SECURITY,
      request: { params: ofSession },
      responses: { 200: json(z.array(Material), "Materials") },
    },
    pattern,
    run: (request) =>
      read(request, internal.tutoring.rest.materialTransactions.list, { sessionId: request.params.session_id }),
  });

  declare(domain, {
    contract: {
      method: "post",
      path: BASE,
      tags: TAGS,
      summary: "Add a link, a note or a file",
      security: SECURITY,
      request: { params: ofSession, body },
      responses: {
        201: json(Material, "Added; a file is `pending` until it has been scanned"),
        ...errors(ErrorBody, 403),
      },
    },
    ...ownBody,
    run: async (request) => {
      const sessionId = request.params.session_id;
      const sent = await materialOf(request.c);
      return await withFile(request, sent, sessionId, (file) =>
        write(request, internal.tutoring.rest.materialTransactions.add, { sessionId, ...toInput(sent, file) }),
      );
    },
  });

  declare(domain, {
    contract: {
      method: "get",
      path: `${BASE}{id}/`,
      tags: TAGS,
      summary: "A material",
      security: SECURITY,
      request: { params: ofMaterial },
      responses: { 200: json(Material, "The material") },
    },
    pattern,
    run: (request) =>
      read(request, internal.tutoring.rest.materialTransactions.one, {
        sessionId: request.params.session_id,
        id: request.params.id,
      }),
  });

  declare(domain, {
    contract: {
      method: "put",
      path: `${BASE}{id}/`,
      tags: TAGS,
      summary: "State a material anew",
      description: "A file stays when none is sent.",
      security: SECURITY,
      request: { params: ofMaterial, body },
      responses: { 200: json(Material, "The material"), ...errors(ErrorBody, 403) },
    },
    ...ownBody,
    run: async (request) => {
      const { session_id: sessionId, id } = request.params;
      const sent = await materialOf(request.c);
      return await withFile(request, sent, sessionId, (file) =>
        write(request, internal.tutoring.rest.materialTransactions.update, {
          sessionId,
          id,
          ...toInput(sent, file),
        }),
      );
    },
  });

  declare(domain, {
    contract: {
      method: "delete",
      path: `${BASE}{id}/`,
      tags: TAGS,
      summary: "Delete a material",
      security: SECURITY,
      request: { params: ofMaterial },
      responses: { 204: { description: "Deleted" }, ...errors(ErrorBody, 403) },
    },
    pattern,
    run: (request) =>
      write(request, internal.tutoring.rest.materialTransactions.remove, {
        sessionId: request.params.session_id,
        id: request.params.id,
      }),
  });

  declare(domain, {
    contract: {
      method: "get",
      path: `${BASE}{id}/download/`,
      tags: TAGS,
      summary: "Download a file",
      description: "By the link in `file`, or with a credential. Access is checked each time.",
      security: [...SECURITY, {}],
      request: {
        params: ofMaterial,
        query: z.object({
          user: integerId().optional(),
          expires: integerId().optional(),
          signature: z.string().optional(),
        }),
      },
      responses: {
        200: {
          description: "The bytes, as an attachment",
          headers: headers("Cache-Control", "Content-Disposition"),
          content: { "*/*": { schema: { type: "string", format: "binary" } } },
        },
        ...errors(ErrorBody, 403),
      },
    },
    pattern,
    caller: "optional",
    run: async ({ c, sender, params, query }) => {
      const { user, expires, signature } = query;
      const link =
        user !== undefined && expires !== undefined && signature !== undefined ? { user, expires, signature } : null;
      const place = { sessionId: params.session_id, id: params.id };
      const { storageId, fileName, contentType } = await c.env.runQuery(
        internal.tutoring.rest.materialTransactions.download,
        {
          caller: sender.caller,
          ...place,
          link,
          now: Date.now(),
        },
      );
      const blob = await c.env.storage.get(storageId);
      if (!blob) throw new AppError("NOT_FOUND", "There is no file to download.");
      return new Response(blob, {
        headers: {
          "Content-Type": contentType,
          "Content-Disposition": formatContentDisposition(fileName),
          "X-Content-Type-Options": "nosniff",
          "Content-Security-Policy": "sandbox; default-src 'none'",
          "Cache-Control": "private, no-store",
        },
      });
    },
  });
}
