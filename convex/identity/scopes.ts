/** The scopes of service keys. `SERVICE_KEY`, the deployment variable, has all of them. */
export const SCOPES = ["analytics:read", "focus:write", "metrics"] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (name: string): name is Scope => SCOPES.some((known) => known === name);
