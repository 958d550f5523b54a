/** Materials of tutoring/README §6.12 over HTTP; part of `tutoringRest`. */
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import { AppError, invalid } from "../../lib/errors";
import { declare, type Domain, type Asked } from "../../rest/domain";
import { read, write } from "../../rest/transaction";
import { headers } from "../../rest/schemas/headers";
import { errors, integerId, json, SECURITY } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";
import { describeContent, findMisfit, takeBaseName } from "../files/fileTypes";
import { FILE_MAX_BYTES } from "../rules";
import { FormDraft, JsonDraft, READ_ONLY, readMaterial, tooLarge, type Sent } from "./materialForm";
import { ErrorBody, Material, UNCHANGED } from "./schemas";

const TAGS = ["Tutoring materials"];

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
  const { bytes } = sent.file;
  if (bytes.length > FILE_MAX_BYTES) throw tooLarge();
  if (bytes.length === 0) throw invalid({ file: ["The file is empty."] });
  await env.runQuery(internal.tutoring.rest.materialTransactions.mayUpload, {
    caller: request.sender.caller,
    input: { sessionId },
  });
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
      responses: { 200: json(z.array(Material), "Materials", "ETag"), 304: UNCHANGED },
    },
    pattern,
    etag: true,
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
      const sent = await readMaterial(request.c);
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
      responses: { 200: json(Material, "The material", "ETag"), 304: UNCHANGED },
    },
    pattern,
    etag: true,
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
      const sent = await readMaterial(request.c);
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
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return new Response(bytes, {
        headers: {
          "Content-Type": describeContent(contentType, bytes),
          "Content-Disposition": formatContentDisposition(fileName),
          "X-Content-Type-Options": "nosniff",
          "Content-Security-Policy": "sandbox; default-src 'none'",
          "Cache-Control": "private, no-store",
        },
      });
    },
  });
}
