/** The address of a session that is shared by a link. */
const PATH = /^\/s\/([\w-]+=*)\/?$/;

export const toSharedPath = (token: string): string => `/s/${token}`;

/** The token in such an address, or null for any other. */
export const readSharedPath = (pathname: string): string | null => PATH.exec(pathname)?.[1] ?? null;

/** The query of the address that asks for the sign-in instead of the page. */
export const SIGN_IN = "sign-in";
