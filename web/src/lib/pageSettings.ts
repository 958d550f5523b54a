export type DemoLogin = { email: string; password: string; note: string };

/** Settings that the page gets from its build or its server; `web/build/pageSettings.ts` writes them into it. */
export type PageSettings = {
  /** Address of the live functions; null for port 3210 of the page's own host. */
  convexUrl: string | null;
  offersGoogle: boolean;
  /** The accounts of the demo data that the sign-in offers. */
  demoLogins: readonly DemoLogin[];
};

/** The name of the `<meta>` element that holds the settings as JSON. */
export const SETTINGS_NAME = "live-sessions";

/** The settings of this page. What is missing or malformed in them counts as not set. */
export function readPageSettings(text: string = settingsText()): PageSettings {
  const { convexUrl, offersGoogle, demoLogins } = parseObject(text);
  return {
    convexUrl: typeof convexUrl === "string" ? convexUrl : null,
    offersGoogle: offersGoogle === true,
    demoLogins: Array.isArray(demoLogins) ? demoLogins.filter(isLogin) : [],
  };
}

const settingsText = (): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${SETTINGS_NAME}"]`)?.content ?? "";

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const isLogin = (value: unknown): value is DemoLogin =>
  typeof value === "object" && value !== null && "email" in value && "password" in value;
