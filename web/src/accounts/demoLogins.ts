export type DemoLogin = { email: string; password: string; note: string };

/** The demo accounts that the server named when it built this page, if any. */
export function demoLogins(
  text: string | undefined = import.meta.env.VITE_DEMO_LOGINS as string | undefined,
): DemoLogin[] {
  if (!text) return [];
  try {
    const logins: unknown = JSON.parse(text);
    return Array.isArray(logins) ? logins.filter(isLogin) : [];
  } catch {
    return [];
  }
}

const isLogin = (value: unknown): value is DemoLogin =>
  typeof value === "object" && value !== null && "email" in value && "password" in value;
