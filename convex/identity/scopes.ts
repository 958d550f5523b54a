/** What a service key opens. `SERVICE_KEY`, the deployment variable, opens all of it. */
export const SCOPES = ["analytics:read", "focus:write", "metrics", "webhooks"] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (name: string): name is Scope => SCOPES.some((known) => known === name);
