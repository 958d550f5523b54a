/** The scopes of service keys. */
export const SCOPES = ["analytics:read", "focus:write", "metrics", "webhooks"] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes of `SERVICE_KEY`, the deployment variable, which is no tenant's: it manages nothing of a tenant. */
export const DEPLOYMENT_SCOPES: readonly Scope[] = ["analytics:read", "focus:write", "metrics"];

/** Scopes whose keys must be of a tenant. */
export const TENANT_SCOPES: readonly Scope[] = ["webhooks"];

export const isScope = (name: string): name is Scope => SCOPES.some((known) => known === name);
