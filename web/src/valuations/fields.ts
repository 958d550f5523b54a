/** The manual form: the fields of a business card (contracts §4.6), in the order one is asked. */
export type FormFieldSpec = { name: string; label: string; kind: "text" | "number" | "long"; hint?: string };

export const FIELDS: readonly FormFieldSpec[] = [
  { name: "company_name", label: "Company name", kind: "text" },
  { name: "industry", label: "Industry", kind: "text" },
  { name: "country_code", label: "Country", kind: "text", hint: "Two letters, such as BE." },
  { name: "city", label: "City", kind: "text" },
  { name: "founding_year", label: "Founded in", kind: "number" },
  { name: "employee_count", label: "Employees", kind: "number" },
  { name: "revenue", label: "Yearly revenue", kind: "number" },
  { name: "description", label: "What the company does", kind: "long" },
  { name: "business_highlights", label: "Highlights", kind: "long" },
  { name: "reason_for_selling", label: "Reason for selling", kind: "long" },
];

const LABELS = new Map(FIELDS.map(({ name, label }) => [name, label]));
export const labelOf = (name: string): string => LABELS.get(name) ?? name.replaceAll("_", " ");

/** A value as the text of its control. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What was typed as a value; null for nothing, undefined when it is no number where one belongs. */
export function valueOf(kind: FormFieldSpec["kind"], text: string): string | number | null | undefined {
  if (text.trim() === "") return null;
  if (kind !== "number") return text;
  const plain = text.replace(/[\s\u00a0_]/g, "");
  return /^-?\d+([.,]\d+)?$/.test(plain) ? Number(plain.replace(",", ".")) : undefined;
}
