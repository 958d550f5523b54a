import { recall, remember } from "@/lib/storage";
import { t } from "@/messages/translate";

/** The pages that `g` and a letter lead to. */
export const GO_TO: readonly { key: string; path: string; label: string }[] = [
  { key: "h", path: "/", label: t("shell.home") },
  { key: "f", path: "/focus", label: t("shell.focus") },
  { key: "t", path: "/tutoring", label: t("shell.tutoring") },
  { key: "r", path: "/reports", label: t("shell.reports") },
  { key: "n", path: "/notifications", label: t("shell.notifications") },
  { key: "d", path: "/devices", label: t("accounts.devices") },
  { key: "s", path: "/settings", label: t("shell.settings") },
];

const OFF = "shell:single-keys-off";

/** Whether keys work alone. Who dictates or strays over keys can turn that off (WCAG 2.1.4). */
export const hasSingleKeys = (): boolean => recall(OFF) === null;
export const setSingleKeys = (on: boolean): void => remember(OFF, on ? null : "1");

/** The time in which the letter follows the `g`. */
const SEQUENCE_MS = 1_500;

type Asked = { help: () => void; goTo: (path: string) => void };

/** Listens for the keys that work alone, wherever no text is entered and no layer is open. → stops listening. */
export function onShortcut({ help, goTo }: Asked, target: Pick<Window, "addEventListener" | "removeEventListener">) {
  let goAt = -Infinity;
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !hasSingleKeys()) return;
    if (isTaken(event.target)) return;
    const wasGo = event.timeStamp - goAt < SEQUENCE_MS;
    goAt = event.key === "g" ? event.timeStamp : -Infinity;
    const place = wasGo ? GO_TO.find(({ key }) => key === event.key) : undefined;
    if (event.key !== "?" && !place) return;
    event.preventDefault();
    if (place) goTo(place.path);
    else help();
  };
  target.addEventListener("keydown", keys as EventListener);
  return () => target.removeEventListener("keydown", keys as EventListener);
}

/** Text fields and lists take letters themselves; an open layer is in front of the page. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(
    'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"], [role="menu"]',
  ) !== null;
