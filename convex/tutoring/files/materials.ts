/** Lists, adds, changes and deletes materials, and records what scans find (tutoring/README §6.12). */
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { TimedCtx, UserAct, Viewer } from "../../identity/act";
import * as Events from "../../events/tutoring";
import * as Audit from "../../audit/writer";
import { AppError, conflict, forbidden, invalid, notFound, type FieldErrors } from "../../lib/errors";
import { findFreeIntegerId } from "../../lib/ids";
import { listMaterialRows, refreshCard } from "../views/cards";
import { findMember } from "../booking/memberRows";
import { requireSeatFigures } from "../booking/seatFigures";
import { takeBaseName, getContentType } from "./fileTypes";
import { linkFiles, renewLinkKey } from "./links";
import type { MaterialDraft, NewMaterial, OfMaterial } from "../inputs";
import { EXTENSIONS, FILE_MAX_BYTES, MATERIALS_MAX } from "../rules";
import { requireSession, type Session } from "../booking/sessionRows";
import { deleteMaterial, insertMaterial, patchMaterial } from "./materialRows";
import type { MaterialBody, Verdict } from "../shapes";
import { showMaterialTo } from "../views/audience";
import type { LinkedMaterial } from "../views/shapes";
import { showMaterial } from "../views/view";

type ReadCtx = { db: QueryCtx["db"] };
type Material = Doc<"tutoringMaterials">;

/** The session, for its creator alone; also asked before any bytes are sent. */
export async function requireOwnSession(viewer: Viewer, sessionPublicId: number): Promise<Session> {
  const session = await requireSession(viewer, sessionPublicId);
  if (session.creatorId !== viewer.principal.user._id)
    throw forbidden("Only the session's creator can change its materials.");
  return session;
}

const getByPublicId = (ctx: ReadCtx, publicId: number): Promise<Material | null> =>
  ctx.db
    .query("tutoringMaterials")
    .withIndex("by_publicId", (q) => q.eq("publicId", publicId))
    .unique();

async function requireMaterial(ctx: ReadCtx, session: Session, publicId: number): Promise<Material> {
  const material = await getByPublicId(ctx, publicId);
  if (material?.sessionId !== session._id) throw notFound("Material not found.");
  return material;
}

/**
 * The materials of a session as the viewer sees them. Reads their rows and the viewer's own part, nothing that other
 * people's requests change.
 */
export async function listMaterials(viewer: Viewer, sessionPublicId: number): Promise<LinkedMaterial[]> {
  const session = await requireSession(viewer, sessionPublicId);
  return await showMaterials(viewer, session, await listMaterialRows(viewer, session._id));
}

export async function getMaterial(viewer: Viewer, { sessionId, id }: OfMaterial): Promise<LinkedMaterial> {
  const session = await requireSession(viewer, sessionId);
  const [seen] = await showMaterials(viewer, session, [await requireMaterial(viewer, session, id)]);
  return seen!;
}

async function showMaterials(viewer: Viewer, session: Session, materials: Material[]): Promise<LinkedMaterial[]> {
  const views = materials.map((material) => showMaterial(session, material));
  const { _id: userId } = viewer.principal.user;
  if (session.creatorId === userId) return await linkFiles(viewer, views);
  const member = await findMember(viewer, session._id, userId);
  return await linkFiles(
    viewer,
    views.map((view) => showMaterialTo(view, member)),
  );
}

const isWebAddress = (text: string): boolean => {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
};

/** The text that each type of material has; the others must stay blank. */
const TEXT_OF = { url: "link", content: "note" } as const;

/** Checks a draft and makes its row; `before` is the file that a new version may keep. */
async function toRow(act: UserAct, draft: MaterialDraft, before: Material | null) {
  const { title, type, storageId, url = "", content = "" } = draft;
  const kept = type === "file" && !storageId && before?.body.type === "file" ? before : null;
  checkParts(draft, kept !== null);
  const fileName = takeBaseName(draft.fileName || kept?.fileName || "");
  if (type === "file" && getContentType(fileName) === null)
    throw new AppError("UNSUPPORTED_TYPE", `Files must be one of ${EXTENSIONS.join(", ")}.`, { about: "file" });
  // The name decides what a file claims to be: a kept file may be called otherwise, not something else.
  if (kept && getContentType(fileName) !== getContentType(kept.fileName))
    throw invalid({ fileName: ["Must keep its ending."] });
  return { title, fileName, body: await bodyOf() };

  async function bodyOf(): Promise<MaterialBody> {
    if (kept) return checkAgain(kept.body, act.now);
    if (type === "link") return { type, url };
    if (type === "note") return { type, content };
    return await requireFileBody(act, storageId!);
  }
}

/** Refuses a draft whose type has not the parts that it needs, or has another type's. */
function checkParts(draft: MaterialDraft, keepsFile: boolean): void {
  const { type, storageId, url = "" } = draft;
  const fields: FieldErrors = {};
  for (const [name, owner] of Object.entries(TEXT_OF) as [keyof typeof TEXT_OF, MaterialDraft["type"]][]) {
    if (type === owner && !draft[name])
      fields[name] = [draft[name] === undefined ? "This field is required." : "Must not be empty."];
    if (type !== owner && draft[name]) fields[name] = [`Is not for a ${type}.`];
  }
  if (type === "link" && url !== "" && !isWebAddress(url)) fields.url = ["Must be an http or https address."];
  if (type === "file" && !storageId && !keepsFile) fields.file = ["This field is required."];
  if (type !== "file" && storageId) fields.file = [`Is not for a ${type}.`];
  if (Object.keys(fields).length > 0) throw invalid(fields);
}

/** A kept file that could not be checked is checked once more. */
const checkAgain = (body: MaterialBody, now: number): MaterialBody =>
  body.type === "file" && body.scanStatus === "error" && body.storageId !== null
    ? { ...body, scanStatus: "pending", scanAttempts: 0, scanBegunAt: now }
    : body;

async function requireFileBody(ctx: TimedCtx, storageId: Id<"_storage">): Promise<MaterialBody> {
  const stored = await ctx.db.system.get("_storage", storageId);
  if (!stored) throw invalid({ file: ["There is no such upload."] });
  const taken = await ctx.db
    .query("tutoringMaterials")
    .withIndex("by_storageId", (q) => q.eq("body.storageId", storageId))
    .first();
  if (taken) throw conflict("This upload is in use already.");
  if (stored.size === 0) throw invalid({ file: ["The file is empty."] });
  if (stored.size > FILE_MAX_BYTES)
    throw new AppError("TOO_LARGE", "The file is larger than 10 MiB.", { about: "file" });
  return {
    type: "file",
    storageId,
    sizeBytes: stored.size,
    scanStatus: "pending",
    scanAttempts: 0,
    scanBegunAt: ctx.now,
  };
}

const refreshSessionCard = async (ctx: MutationCtx, session: Session) =>
  await refreshCard(ctx, session, (await requireSeatFigures(ctx, session._id)).memberCount);

/** → the new material's ids. A file is scanned next; until then nobody can download it. */
export async function addMaterial(act: UserAct, { sessionId, ...draft }: NewMaterial): Promise<OfMaterial> {
  const session = await requireOwnSession(act, sessionId);
  const present = await listMaterialRows(act, session._id);
  if (present.length >= MATERIALS_MAX) throw invalid({}, `A session has at most ${MATERIALS_MAX} materials.`);
  const row = await toRow(act, draft, null);
  const publicId = await findFreeIntegerId(async (id) => (await getByPublicId(act, id)) !== null);
  const materialId = await insertMaterial(act, { publicId, sessionId: session._id, ...row });
  if (row.body.type === "file") await act.scheduler.runAfter(0, internal.tutoring.files.scan.run, { materialId });
  await refreshSessionCard(act, session);
  return { sessionId, id: publicId };
}

/** States a material anew. A file stays when none is given. */
export async function updateMaterial(
  act: UserAct,
  { sessionId, id, ...draft }: NewMaterial & OfMaterial,
): Promise<OfMaterial> {
  const session = await requireOwnSession(act, sessionId);
  const before = await requireMaterial(act, session, id);
  const row = await toRow(act, draft, before);
  await patchMaterial(act, before, row);
  if (row.body !== before.body && row.body.type === "file")
    await act.scheduler.runAfter(0, internal.tutoring.files.scan.run, { materialId: before._id });
  await refreshSessionCard(act, session);
  return { sessionId, id };
}

export async function removeMaterial(act: UserAct, { sessionId, id }: OfMaterial): Promise<void> {
  const session = await requireOwnSession(act, sessionId);
  await deleteMaterial(act, await requireMaterial(act, session, id));
  await refreshSessionCard(act, session);
}

/**
 * The bytes that the user may download now; `NOT_FOUND` while there are none, `FORBIDDEN` without a part in the
 * session.
 */
export async function findDownload(ctx: ReadCtx, user: Doc<"users">, { sessionId, id }: OfMaterial) {
  const session = await ctx.db
    .query("tutoringSessions")
    .withIndex("by_publicId", (q) => q.eq("publicId", sessionId))
    .unique();
  if (session?.tenantId !== user.tenantId) throw notFound("Session not found.");
  const { body, fileName } = await requireMaterial(ctx, session, id);
  if (session.creatorId !== user._id && !(await findMember(ctx, session._id, user._id))?.seat)
    throw forbidden("Materials are for the session's creator and participants.");
  if (body.type !== "file" || body.scanStatus !== "clean" || body.storageId === null)
    throw notFound("There is no file to download.");
  return { storageId: body.storageId, fileName, contentType: getContentType(fileName) ?? "application/octet-stream" };
}

/**
 * Records what a scan found, unless the file it looked at has been replaced. Infected bytes are deleted; those that
 * could not be checked stay, so that they can be checked again.
 */
export async function recordVerdict(
  ctx: TimedCtx,
  { materialId, storageId }: { materialId: Id<"tutoringMaterials">; storageId: Id<"_storage"> },
  verdict: Verdict,
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
  if (clean) await renewLinkKey(ctx, ctx.now);
  if (!session) return;
  await refreshSessionCard(ctx, session);
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
