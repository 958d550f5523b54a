/** Which files can be shared, as the server decides it too, and which of them open in the page. */
import { clipped } from "@convex/lib/text";
import { EXTENSIONS, FILE_MAX_BYTES, TITLE_MAX } from "@convex/tutoring/rules";
import { formatNumber } from "@/lib/locale/numbers";
import { t } from "@/messages/translate";

export const TYPES_HINT = t("tutoring.fileHint", { types: EXTENSIONS.join(", ") });
export const ACCEPT = EXTENSIONS.map((extension) => `.${extension}`).join(",");

const isAllowed = (fileName: string) =>
  EXTENSIONS.some((extension) => fileName.toLowerCase().endsWith(`.${extension}`));

const MIB = 1024 * 1024;

/** Why a file cannot be shared, or null. */
export function findFileProblem(file: File): string | null {
  if (!isAllowed(file.name)) return t("tutoring.fileTypeRefused", { hint: TYPES_HINT });
  if (file.size === 0) return t("tutoring.fileEmpty");
  if (file.size > FILE_MAX_BYTES)
    return t("tutoring.fileTooLarge", { size: formatNumber(Math.round((file.size / MIB) * 10) / 10) });
  return null;
}

/** The title of a file until one is entered. */
export const titleOf = (file: File): string =>
  clipped(file.name.replace(/\.[^.]+$/, ""), TITLE_MAX) || clipped(file.name, TITLE_MAX);

export type Viewing = "picture" | "pdf" | "text";

const VIEWED: Record<string, Viewing> = {
  png: "picture",
  jpg: "picture",
  jpeg: "picture",
  gif: "picture",
  webp: "picture",
  pdf: "pdf",
  txt: "text",
  md: "text",
  csv: "text",
};

/** How a file opens in the page; null for what can only be downloaded. */
export const viewingOf = (fileName: string): Viewing | null =>
  VIEWED[fileName.split(".").at(-1)?.toLowerCase() ?? ""] ?? null;
