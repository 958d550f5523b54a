/** `npm run import:cards -- FILE`: loads business cards into the permanent store, by token. */
import { z } from "zod";
import { findFigureProblem, readCountryCode } from "../convex/valuations/figures";
import { TOKEN_MAX } from "../convex/valuations/rules";
import { FILE_HELP, runImport } from "./lib/imports/command";
import { integer, number, requiredText, text } from "./lib/imports/fields";

const HELP = `npm run import:cards -- FILE     load business cards into the permanent store

${FILE_HELP}
  --help      this text

Fields: token and company_name (required), industry, business_type_id, country_code, description, city,
business_highlights, reason_for_selling, revenue, employee_count, founding_year. A token that is there gets the
new fields, so that a file can be loaded again. Numbers may have separators, currencies, exponents and words such as
"lakh"; with two readings, such as 1,200.00 Cr (crores, or a credit), they are mistakes. Lines with mistakes are named
and left out.

Exit code: 0 all lines are in, 1 some were refused, 2 it could not run. A cached card changes within five minutes.`;

const WHOLE = ["employee_count", "founding_year"];
const FIELDS = z.strictObject({
  token: requiredText(TOKEN_MAX),
  company_name: requiredText(500),
  industry: text(500),
  business_type_id: text(200),
  country_code: text(100),
  description: text(20_000),
  city: text(200),
  business_highlights: text(20_000),
  reason_for_selling: text(20_000),
  revenue: number(),
  employee_count: integer(-2_147_483_648, 2_147_483_647),
  founding_year: integer(-9_999, 9_999),
});

export const CardLine = FIELDS.superRefine((line, ctx) => {
  for (const [name, value] of Object.entries(line)) {
    const message = findFigureProblem(name, value, new Date());
    if (message !== null) ctx.addIssue({ code: "custom", path: [name], message });
  }
}).transform((line) => ({
  token: line.token,
  companyName: line.company_name,
  industry: line.industry,
  businessTypeId: line.business_type_id,
  countryCode: line.country_code === null ? null : readCountryCode(line.country_code),
  description: line.description,
  city: line.city,
  businessHighlights: line.business_highlights,
  reasonForSelling: line.reason_for_selling,
  revenue: line.revenue,
  employeeCount: line.employee_count,
  foundingYear: line.founding_year,
}));

if (process.argv[1]?.endsWith("import-cards.ts"))
  process.exitCode = await runImport({
    help: HELP,
    fields: {
      all: Object.keys(FIELDS.shape),
      numbers: ["revenue", ...WHOLE],
      wholeNumbers: WHOLE,
      codes: ["country_code"],
    },
    schema: CardLine,
    keyOf: ({ token }) => token,
    batchSize: 200,
    send: async (admin, cards) => {
      await admin.run("store/reads:importBusinessCards", { cards });
      return cards.map(() => "saved" as const);
    },
  });
