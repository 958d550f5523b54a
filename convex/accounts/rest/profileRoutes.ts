/** accounts/README §8.1 and §8.2 over HTTP; part of `signInRest`. */
import { internal } from "../../_generated/api";
import { declare, type Domain } from "../../rest/domain";
import { inWireNames } from "../../rest/schemas/names";
import { errors, json, SECURITY } from "../../rest/schemas/fields";
import { wireBody } from "../../rest/schemas/wire";
import { z } from "../../rest/schemas/zod";
import { read, write } from "../../rest/transaction";
import { update } from "../profile";
import { changePassword } from "../signIn/changePassword";
import { Profile, PROFILE_READ_ONLY, SignInError } from "./schemas";

const TAGS = ["Profile"];
const PATH = "/api/auth/me/";

const PasswordChange = z.strictObject({
  current_password: z.string().optional().describe("Left out only by those who have none yet"),
  new_password: z.string(),
});

export function declareProfile(domain: Domain): void {
  declare(domain, {
    contract: {
      method: "get",
      path: PATH,
      tags: TAGS,
      summary: "The caller's profile",
      security: SECURITY,
      responses: { 200: json(Profile, "The profile") },
    },
    run: (request) => read(request, internal.accounts.rest.transactions.profile, {}),
  });

  declare(domain, {
    contract: {
      method: "patch",
      path: PATH,
      tags: TAGS,
      summary: "Change the caller's profile",
      description: "Every page and list that shows the name follows at once.",
      security: SECURITY,
      request: {
        body: {
          content: { "application/json": { schema: wireBody("ProfileChanges", update.input) } },
          required: true,
        },
      },
      responses: { 200: json(Profile, "The profile"), ...errors(SignInError, 403, 409) },
    },
    readOnly: PROFILE_READ_ONLY,
    run: (request) => write(request, internal.accounts.rest.transactions.updateProfile, request.body),
  });

  declare(domain, {
    contract: {
      method: "post",
      path: "/api/auth/password/",
      tags: TAGS,
      summary: "Change the caller's password",
      description: "Every other session of the caller ends. A wrong current password counts as a login.",
      security: SECURITY,
      request: { body: { content: { "application/json": { schema: PasswordChange } }, required: true } },
      responses: { 204: { description: "Changed" }, ...errors(SignInError, 403, 409) },
    },
    countsLogins: "own",
    run: async ({ c, sender: { caller, client }, body }) => {
      const given = { currentPassword: body.current_password, newPassword: body.new_password };
      await inWireNames(() => changePassword(c.env, given, { caller, client }));
      return c.body(null, 204);
    },
  });
}
