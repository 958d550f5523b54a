/** `npm run import:valuations -- FILE`: backfills drafts of another system, by `report_id`. */
import { z } from "zod";
import { GUEST_ID_PATTERN } from "../convex/rest/guest";
import { fits, MAX_BYTES, REPORT_ID_PATTERN, REPORT_ID_RULE, TOKEN_MAX } from "../convex/valuations/rules";
import { FILE_HELP, runImport } from "./lib/imports/command";
import { boolean, json, optionalTime, requiredText, text, time } from "./lib/imports/fields";
import type { Outcome } from "./lib/imports/importing";

const HELP = `npm run import:valuations -- FILE     backfill valuation drafts

${FILE_HELP}
  --help      this text

Fields: report_id and created_at (required), user_id (a user's uuid) or guest_session_id (22 to 128 of A-Z a-z 0-9 _ -),
id, status, current_view, updated_at, completed_at, form_data, collected_data, conversation_history,
valuation_result (JSON), business_card_token, prefilled_from_card. A report_id that is there already is left as it
is, so that a file can be loaded again. Times have an offset; 0000-00-00 is none. NaN and Infinity are no JSON. Lines
with mistakes are named and left out.

Exit code: 0 all lines are in, 1 some were refused, 2 it could not run.`;

/** Without the spaces with which databases fill columns of a fixed width; undefined for nothing else. */
const trimmed = (value: unknown) => (typeof value === "string" ? value.trim() || undefined : (value ?? undefined));
const upper = (value: unknown) => {
  const given = trimmed(value);
  return typeof given === "string" ? given.toUpperCase() : given;
};

const FIELDS = z.strictObject({
  id: z.preprocess(trimmed, z.uuid("must be a uuid").optional()),
  report_id: requiredText(128).pipe(z.string().regex(REPORT_ID_PATTERN, `must be ${REPORT_ID_RULE}`)),
  user_id: z.preprocess((value) => trimmed(value) ?? null, z.guid("must be a uuid").nullable()),
  guest_session_id: text(128).pipe(
    z.string().regex(GUEST_ID_PATTERN, "must be 22 to 128 of A-Z a-z 0-9 _ -").nullable(),
  ),
  status: z.preprocess(upper, z.enum(["IN_PROGRESS", "COMPLETED", "ARCHIVED", "DELETED"]).default("IN_PROGRESS")),
  current_view: z.preprocess(upper, z.enum(["MANUAL", "CONVERSATIONAL"]).default("MANUAL")),
  created_at: time(),
  updated_at: optionalTime(),
  completed_at: optionalTime(),
  form_data: json("object"),
  collected_data: json("object"),
  conversation_history: json("array"),
  valuation_result: json("any"),
  business_card_token: text(TOKEN_MAX),
  prefilled_from_card: boolean(),
});

const JSON_COLUMNS = [
  ["form_data", "formData"],
  ["collected_data", "collectedData"],
  ["conversation_history", "conversationHistory"],
  ["valuation_result", "valuationResult"],
] as const;

export const DraftLine = FIELDS.superRefine((line, ctx) => {
  const wrong = (path: string, message: string) => ctx.addIssue({ code: "custom", path: [path], message });
  if (line.user_id === null && line.guest_session_id === null) wrong("user_id", "this or guest_session_id is required");
  if (line.updated_at !== null && line.updated_at < line.created_at)
    wrong("updated_at", "must not be before created_at");
  if (line.completed_at !== null && line.completed_at < line.created_at)
    wrong("completed_at", "must not be before created_at");
  for (const [name, field] of JSON_COLUMNS)
    if (line[name] !== null && !fits(field, line[name])) wrong(name, `is larger than ${MAX_BYTES[field] / 1024} KiB`);
}).transform((line) => ({
  ...(line.id !== undefined && { id: line.id }),
  reportId: line.report_id,
  userId: line.user_id,
  guestSessionId: line.guest_session_id,
  status: line.status,
  currentView: line.current_view,
  createdAt: line.created_at,
  updatedAt: line.updated_at ?? line.created_at,
  completedAt:
    line.status === "COMPLETED" ? (line.completed_at ?? line.updated_at ?? line.created_at) : line.completed_at,
  formData: line.form_data,
  collectedData: line.collected_data,
  conversationHistory: line.conversation_history,
  valuationResult: line.valuation_result,
  businessCardToken: line.business_card_token,
  prefilledFromCard: line.prefilled_from_card,
}));

if (process.argv[1]?.endsWith("import-valuations.ts"))
  process.exitCode = await runImport({
    help: HELP,
    fields: {
      all: Object.keys(FIELDS.shape),
      numbers: [],
      wholeNumbers: [],
      texts: ["report_id", "valuation_result", "business_card_token"],
    },
    schema: DraftLine,
    keyOf: ({ reportId }) => reportId,
    batchSize: 100,
    send: (admin, drafts) => admin.run<Outcome[]>("valuations/imports:importDrafts", { drafts }),
  });
