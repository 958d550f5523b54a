/**
 * Persons: the part of a user that rows of tutoring carry, so that showing them reads no users (`tutoring/people.ts`).
 */
import type { Doc } from "../../_generated/dataModel";
import { getShownEmail } from "../../identity/users";
import type { Person } from "../shapes";

/** The person as rows store it. */
export const toPerson = (user: Doc<"users">): Person => ({
  publicId: user.publicId,
  username: user.username,
  firstName: user.firstName,
  lastName: user.lastName,
  email: getShownEmail(user) ?? "",
  joinedAt: user._creationTime,
});

export const formatName = ({ firstName, lastName, username }: Person): string =>
  [firstName, lastName].filter(Boolean).join(" ") || username;
