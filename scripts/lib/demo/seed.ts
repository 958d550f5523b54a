/**
 * Demo data, written the way any integrator would: over the REST contract and the live functions. Nothing in `convex/`
 * knows about it.
 */
import { createHmac } from "node:crypto";
import type { AdminClient } from "../admin";
import { seedFocus } from "./focus";
import { seedReport } from "./report";
import { seedTutoring } from "./tutoring";
import { restClient, signUp, type Credentials, type DemoLogin } from "./people";

/** Whether demo data belongs to a deployment is decided at its first start and remembered in its `DEMO_DATA`. */
export type DemoData = "none" | "wanted" | "seeded";

export const DEMO_LOGINS: DemoLogin[] = [
  {
    email: "ada@example.com",
    password: "demo-password-ada",
    note: "Sample data; operations and audit access",
  },
  { email: "grace@example.com", password: "demo-password-grace", note: "Tutor and moderator" },
];

export async function seedDemo(admin: AdminClient, siteUrl: string): Promise<void> {
  const rest = restClient(siteUrl);
  const { SERVICE_KEY = "" } = await admin.environment();
  const [ada, grace, alan] = await Promise.all([
    signUp(admin, rest, DEMO_LOGINS[0]!, { first_name: "Ada", last_name: "Lovelace", username: "ada" }),
    signUp(admin, rest, DEMO_LOGINS[1]!, { first_name: "Grace", last_name: "Hopper", username: "grace" }),
    signUp(admin, rest, hiddenLogin("alan@example.com", SERVICE_KEY), {
      first_name: "Alan",
      last_name: "Turing",
      username: "alan",
    }),
  ]);
  for (const permission of [
    "view_operations",
    "view_audit",
    "view_analytics",
    "manage_webhooks",
    "manage_service_keys",
  ])
    await admin.run("accounts/users:grantPermission", { email: ada.email, permission });
  await admin.run("accounts/users:grantPermission", { email: grace.email, permission: "moderate_sessions" });
  await Promise.all([
    seedFocus(ada, rest, `Bearer ${SERVICE_KEY}`),
    seedTutoring(rest, { tutor: grace, student: ada, asking: alan }),
    seedReport(admin, rest, ada),
  ]);
}

/** An account that nobody signs in to: the same again only for a seeding that goes on where it was cut short. */
const hiddenLogin = (email: string, secret: string): Credentials => ({
  email,
  password: createHmac("sha256", secret).update(email).digest("base64url"),
});
