import type { Page } from "@convex/analytics/writer";

const BY_PATH = new Map<string, Page>(
  Object.entries({
    "": "home",
    focus: "focus",
    tutoring: "tutoring",
    reports: "valuations",
    notifications: "notifications",
    devices: "account",
    settings: "account",
    audit: "account",
    analytics: "analytics",
    operations: "operations",
    webhooks: "operations",
  }),
);

/** The name under which a page is counted: nothing of its address but what it is. */
export function pageName(pathname: string): Page {
  const parts = pathname.split("/").filter(Boolean);
  return parts[0] === "tutoring" && parts[2] === "room" ? "room" : (BY_PATH.get(parts[0] ?? "") ?? "other");
}
