/** Lists, adds, changes and deletes materials, and records what scans find (README §6.12). */
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { UserPrincipal } from "../../identity/principal";
import * as Events from "../../events/tutoring";
import * as Audit from "../../audit/writer";
import { AppError, conflict, forbidden, invalid, notFound, type FieldErrors } from "../../lib/errors";
import { freeIntegerId } from "../../lib/ids";
import { cleanText, textProblems } from "../../lib/text";
import { materialsOf, refreshCard } from "../views/cards";
import { memberOf } from "../booking/members";
import { requireSeats } from "../booking/seats";
import { baseName, contentTypeOf } from "./fileTypes";
import { personalLinks, renewLinkKey } from "./links";
import { EXTENSIONS, FILE_MAX_BYTES, FILE_NAME_MAX, MATERIALS_MAX, NOTE_MAX, TITLE_MAX, URL_MAX } from "../rules";
import { requireSession } from "../booking/sessionRows";
import { deleteMaterial, insertMaterial, patchMaterial } from "./materialRows";
import type { MaterialBody, Verdict } from "../shapes";
import { blankMaterial, wireMaterial, withoutEmail, type WireMaterial } from "../views/view";

type ReadCtx = { db: QueryCtx["db"] };
type Session = Doc<"tutoringSessions">;
type Material = Doc<"tutoringMaterials">;

/** A material as it is sent. `file` names stored bytes. */
export type MaterialDraft = {
  title: string;
  type: "link" | "note" | "file";
  url?: string;
  content?: string;
  fileName?: string;
  file?: { storageId: Id<"_storage">; name?: string };
};

async function requireOwnSession(ctx: ReadCtx, principal: UserPrincipal, sessionPublicId: number): Promise<Session> {
  const session = await requireSession(ctx, principal, sessionPublicId);
  if (session.creatorId !== principal.user._id) throw forbidden("Only the session's creator can change its materials.");
  return session;
}

/** For uploads: refuses callers other than the creator before any bytes are sent. */
export const requireMayUpload = requireOwnSession;

async function requireMaterial(ctx: ReadCtx, session: Session, publicId: number): Promise<Material> {
  const material = await ctx.db
    .query("tutoringMaterials")
    .withIndex("by_publicId", (q) => q.eq("publicId", publicId))
    .unique();
  if (material?.sessionId !== session._id) throw notFound("Material not found.");
  return material;
}

/**
 * The materials of a session as the caller sees them. Reads their rows and the caller's own part, nothing that other
 * people's requests change.
 */
export async function list(ctx: ReadCtx, principal: UserPrincipal, sessionPublicId: number): Promise<WireMaterial[]> {
  const session = await requireSession(ctx, principal, sessionPublicId);
  return await seenBy(ctx, principal, session, await materialsOf(ctx, session._id));
}

export async function get(
  ctx: ReadCtx,
  principal: UserPrincipal,
  sessionPublicId: number,
  publicId: number,
): Promise<WireMaterial> {
  const session = await requireSession(ctx, principal, sessionPublicId);
  const [seen] = await seenBy(ctx, principal, session, [await requireMaterial(ctx, session, publicId)]);
  return seen!;
}

/** As sessions show them: contents to the creator and participants, the creator's e-mail to requesters too. */
async function seenBy(
  ctx: ReadCtx,
  { user }: UserPrincipal,
  session: Session,
  materials: Material[],
): Promise<WireMaterial[]> {
  const wire = materials.map((material) => wireMaterial(session, material));
  const isCreator = session.creatorId === user._id;
  const member = isCreator ? null : await memberOf(ctx, session._id, user._id);
  if (isCreator || member?.seat)
    return JSON.parse(await personalLinks(ctx, user, JSON.stringify(wire), session.publicId)) as WireMaterial[];
  return wire.map((material) => ({
    ...blankMaterial(material),
    uploaded_by: member ? material.uploaded_by : withoutEmail(material.uploaded_by),
  }));
}

const isWebAddress = (text: string): boolean => {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
};

/** Checks a draft and makes its row; `before` is the file that a new version may keep. */
async function rowOf(ctx: MutationCtx, draft: MaterialDraft, before: Material | null, now: number) {
  const fields: FieldErrors = {};
  const wrong = (name: string, reason: string) => (fields[name] ??= []).push(reason);
  const text = (name: "title" | "url" | "content", max: number, needed: boolean) => {
    const clean = cleanText(draft[name] ?? "");
    if (needed && clean === "")
      wrong(name, draft[name] === undefined ? "This field is required." : "May not be blank.");
    if (!needed && clean !== "") wrong(name, `Is not for a ${draft.type}.`);
    for (const problem of textProblems(clean, max)) wrong(name, problem);
    return clean;
  };
  const title = text("title", TITLE_MAX, true);
  const url = text("url", URL_MAX, draft.type === "link");
  const content = text("content", NOTE_MAX, draft.type === "note");
  if (draft.type === "link" && url !== "" && !isWebAddress(url)) wrong("url", "Must be an http or https address.");
  const kept = draft.type === "file" && !draft.file && before?.body.type === "file" ? before : null;
  const fileName = baseName(draft.fileName || draft.file?.name || kept?.fileName || "");
  for (const problem of textProblems(fileName, FILE_NAME_MAX)) wrong("fileName", problem);
  if (draft.type === "file" && !draft.file && !kept) wrong("file", "This field is required.");
  if (draft.type !== "file" && draft.file) wrong("file", `Is not for a ${draft.type}.`);
  if (Object.keys(fields).length > 0) throw invalid(fields);
  if (draft.type === "file" && contentTypeOf(fileName) === null)
    throw new AppError("UNSUPPORTED_TYPE", `Files must be one of ${EXTENSIONS.join(", ")}.`);
  // The name decides what a file claims to be: a kept file may be called otherwise, not something else.
  if (kept && contentTypeOf(fileName) !== contentTypeOf(kept.fileName))
    throw invalid({ fileName: ["Must keep its ending."] });
  const body: MaterialBody = kept
    ? checkedAgain(kept.body, now)
    : draft.type === "link"
      ? { type: "link", url }
      : draft.type === "note"
        ? { type: "note", content }
        : await fileBody(ctx, draft.file!.storageId, now);
  return { title, fileName, body };
}

/** A kept file that could not be checked is checked once more. */
const checkedAgain = (body: MaterialBody, now: number): MaterialBody =>
  body.type === "file" && body.scanStatus === "error" && body.storageId !== null
    ? { ...body, scanStatus: "pending", scanAttempts: 0, scanBegunAt: now }
    : body;

async function fileBody(ctx: MutationCtx, storageId: Id<"_storage">, now: number): Promise<MaterialBody> {
  const stored = await ctx.db.system.get("_storage", storageId);
  if (!stored) throw invalid({ file: ["There is no such upload."] });
  const taken = await ctx.db
    .query("tutoringMaterials")
    .withIndex("by_storageId", (q) => q.eq("body.storageId", storageId))
    .first();
  if (taken) throw conflict("This upload is in use already.");
  if (stored.size === 0) throw invalid({ file: ["The file is empty."] });
  if (stored.size > FILE_MAX_BYTES) throw new AppError("TOO_LARGE", "The file is larger than 10 MiB.");
  return { type: "file", storageId, sizeBytes: stored.size, scanStatus: "pending", scanAttempts: 0, scanBegunAt: now };
}

const refreshCardOf = async (ctx: MutationCtx, session: Session) =>
  await refreshCard(ctx, session, (await requireSeats(ctx, session._id)).memberCount);

/** → the new material's id. A file is scanned next; until then nobody can download it. */
export async function add(
  ctx: MutationCtx,
  principal: UserPrincipal,
  sessionPublicId: number,
  draft: MaterialDraft,
  now: number,
): Promise<number> {
  const session = await requireOwnSession(ctx, principal, sessionPublicId);
  const present = await materialsOf(ctx, session._id);
  if (present.length >= MATERIALS_MAX) throw invalid({}, `A session has at most ${MATERIALS_MAX} materials.`);
  const row = await rowOf(ctx, draft, null, now);
  const publicId = await freeIntegerId(
    async (id) =>
      (await ctx.db
        .query("tutoringMaterials")
        .withIndex("by_publicId", (q) => q.eq("publicId", id))
        .unique()) !== null,
  );
  const materialId = await insertMaterial(ctx, { publicId, sessionId: session._id, ...row });
  if (row.body.type === "file") await ctx.scheduler.runAfter(0, internal.tutoring.scan.run, { materialId });
  await refreshCardOf(ctx, session);
  return publicId;
}

/** States a material anew. A file stays when none is given. */
export async function update(
  ctx: MutationCtx,
  principal: UserPrincipal,
  sessionPublicId: number,
  publicId: number,
  draft: MaterialDraft,
  now: number,
): Promise<void> {
  const session = await requireOwnSession(ctx, principal, sessionPublicId);
  const before = await requireMaterial(ctx, session, publicId);
  const row = await rowOf(ctx, draft, before, now);
  await patchMaterial(ctx, before, row);
  if (row.body !== before.body && row.body.type === "file")
    await ctx.scheduler.runAfter(0, internal.tutoring.scan.run, { materialId: before._id });
  await refreshCardOf(ctx, session);
}

export async function remove(
  ctx: MutationCtx,
  principal: UserPrincipal,
  sessionPublicId: number,
  publicId: number,
): Promise<void> {
  const session = await requireOwnSession(ctx, principal, sessionPublicId);
  const material = await requireMaterial(ctx, session, publicId);
  await deleteMaterial(ctx, material);
  await refreshCardOf(ctx, session);
}

/**
 * The bytes that the user may download now; `NOT_FOUND` while there are none, `FORBIDDEN` without a part in the
 * session.
 */
export async function downloadable(ctx: ReadCtx, user: Doc<"users">, sessionPublicId: number, publicId: number) {
  const session = await ctx.db
    .query("tutoringSessions")
    .withIndex("by_publicId", (q) => q.eq("publicId", sessionPublicId))
    .unique();
  if (session?.tenantId !== user.tenantId) throw notFound("Session not found.");
  const { body, fileName } = await requireMaterial(ctx, session, publicId);
  if (session.creatorId !== user._id && !(await memberOf(ctx, session._id, user._id))?.seat)
    throw forbidden("Materials are for the session's creator and participants.");
  if (body.type !== "file" || body.scanStatus !== "clean" || body.storageId === null)
    throw notFound("There is no file to download.");
  return { storageId: body.storageId, fileName, contentType: contentTypeOf(fileName) ?? "application/octet-stream" };
}

/**
 * Records what a scan found, unless the file it looked at has been replaced. Infected bytes are deleted; those that
 * could not be checked stay, so that they can be checked again.
 */
export async function recordVerdict(
  ctx: MutationCtx,
  materialId: Id<"tutoringMaterials">,
  storageId: Id<"_storage">,
  verdict: Verdict,
  now: number,
): Promise<void> {
  const material = await ctx.db.get("tutoringMaterials", materialId);
  if (material?.body.type !== "file" || material.body.storageId !== storageId || material.body.scanStatus !== "pending")
    return;
  const session = await ctx.db.get("tutoringSessions", material.sessionId);
  const clean = verdict.status === "clean";
  const infected = verdict.status === "infected";
  await patchMaterial(ctx, material, {
    body: { ...material.body, scanStatus: verdict.status, storageId: infected ? null : storageId },
  });
  if (clean) await renewLinkKey(ctx, now);
  if (!session) return;
  await refreshCardOf(ctx, session);
  if (verdict.status !== "clean") await Events.fileRefused(ctx, session, material, verdict);
  await Audit.append(ctx, {
    action: "file_verdict",
    target: `tutoring material ${material.publicId}: ${verdict.status}`,
    actor: { name: "scanner" },
    about: await ctx.db.get("users", session.creatorId),
    client: Audit.NO_CLIENT,
    outcome: clean ? "success" : "failure",
  });
}
