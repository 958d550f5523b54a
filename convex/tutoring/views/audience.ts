/** Decides who sees what of a session, here and nowhere else. */
import type { Doc } from "../../_generated/dataModel";
import type { MaterialView, SessionView, UserView } from "./shapes";
import { showMaterial, showRequest, showUser } from "./view";

type Member = Doc<"tutoringMembers">;

/** Anyone who is signed in, or somebody who asked for a seat or has one. The creator sees the whole view. */
export type Audience =
  | { kind: "anyone" }
  | { kind: "member"; session: Doc<"tutoringSessions">; member: Member; materials: Doc<"tutoringMaterials">[] };

/**
 * A session for its audience. Anyone sees no email addresses, no requests and blank materials. A member sees besides
 * the creator's address and their own, their own request, and with a seat the contents of `materials`.
 *
 * @param view the whole session, or what anyone sees of it
 */
export function showTo(view: SessionView, audience: Audience): SessionView {
  const creator = hideEmail(view.creator);
  const shared = {
    ...view,
    creator,
    participants: view.participants.map((one) => ({ ...one, user: hideEmail(one.user) })),
    materials: view.materials.map((material) => ({ ...hideContent(material), uploadedBy: creator })),
    bookingRequests: [],
  };
  if (audience.kind === "anyone") return shared;
  const { session, member, materials } = audience;
  const known = showUser(session.creator);
  return {
    ...shared,
    creator: known,
    participants: shared.participants.map((one) =>
      one.user.id === member.user.publicId ? { ...one, user: showUser(member.user) } : one,
    ),
    materials: member.seat
      ? materials.map((material) => showMaterial(session, material))
      : shared.materials.map((material) => ({ ...material, uploadedBy: known })),
    bookingRequests: [showRequest(session, member)],
    canJoin: shared.canJoin && !member.seat,
  };
}

/** As `showTo` for one material of a session, with the member's part in it or null. */
export function showMaterialTo(material: MaterialView, member: Member | null): MaterialView {
  if (member?.seat) return material;
  const blank = hideContent(material);
  return member ? blank : { ...blank, uploadedBy: hideEmail(blank.uploadedBy) };
}

const hideEmail = (user: UserView): UserView => (user.email === "" ? user : { ...user, email: "" });

/** Others than creator and participants see that a material is there, not its content. */
const hideContent = (material: MaterialView): MaterialView => ({ ...material, url: "", content: "", file: false });
