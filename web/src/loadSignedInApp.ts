/** Fetches the part of the application behind the sign-in, which visitors need not wait for. */
export const loadSignedInApp = () => import("./SignedInApp");

/** Fetches it ahead; when that fails it is fetched again where it is shown. */
export function prefetchSignedInApp(): void {
  loadSignedInApp().catch(() => undefined);
}
