/** The manual form: the fields of a business card (contracts §4.6), in the order one is asked. */
export type FormFieldSpec = { name: string; label: string; kind: "text" | "number" | "year" | "long"; hint?: string };

export const FIELDS: readonly FormFieldSpec[] = [
  { name: "company_name", label: "Company name", kind: "text" },
  { name: "industry", label: "Industry", kind: "text" },
  { name: "country_code", label: "Country", kind: "text", hint: "Two letters, such as BE." },
  { name: "city", label: "City", kind: "text" },
  { name: "founding_year", label: "Founded in", kind: "year" },
  { name: "employee_count", label: "Employees", kind: "number" },
  { name: "revenue", label: "Yearly revenue", kind: "number" },
  { name: "description", label: "What the company does", kind: "long" },
  { name: "business_highlights", label: "Highlights", kind: "long" },
  { name: "reason_for_selling", label: "Reason for selling", kind: "long" },
];

const LABELS = new Map(FIELDS.map(({ name, label }) => [name, label]));
export const labelOf = (name: string): string => LABELS.get(name) ?? name.replaceAll("_", " ");

/** A value as text, for reading or as that of its control. Digits are grouped by thin spaces, which no locale reads otherwise. */
export function textOf(value: unknown, kind?: FormFieldSpec["kind"]): string {
  if (value === null || value === undefined) return "";
  if (kind === "number" && typeof value === "number") return grouped(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function grouped(value: number): string {
  const [whole = "", ...rest] = String(value).split(".");
  return /^-?\d{4,}$/.test(whole) ? [whole.replace(/\B(?=(\d{3})+$)/g, "\u202f"), ...rest].join(".") : String(value);
}

/** What was typed as a value; null for nothing, undefined when it is no number where one belongs. */
export function valueOf(kind: FormFieldSpec["kind"], text: string): string | number | null | undefined {
  if (text.trim() === "") return null;
  if (kind !== "number" && kind !== "year") return text;
  const plain = text.replace(/[\s\u00a0_]/g, "");
  const number = /^-?\d+([.,]\d+)?$/.test(plain) ? Number(plain.replace(",", ".")) : NaN;
  return Number.isFinite(number) ? number : undefined;
}
