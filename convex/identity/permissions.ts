/** Permissions that operators give to users, sorted. What needs none of them is open to every user. */
export const PERMISSIONS = [
  "manage_service_keys",
  "manage_webhooks",
  "moderate_sessions",
  "view_analytics",
  "view_audit",
  "view_operations",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const isPermission = (name: string): name is Permission => PERMISSIONS.some((known) => known === name);
