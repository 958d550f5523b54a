/**
 * The permanent store's tables (focus/README.md §5 "Session (permanent store)" and §4.6). SQL migrations are generated
 * from this file with `drizzle-kit` (scripts/store/drizzle.config.ts) and carried by migrations.ts.
 */
import { sql } from "drizzle-orm";
import { bigint, doublePrecision, index, integer, pgTable, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
const amount = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);
const seconds = (name: string) => bigint(name, { mode: "number" });
const createdAt = () => time("created_at").notNull().defaultNow();
const updatedAt = () => time("updated_at").notNull().defaultNow();
/** Sequence of the outbox entry a row was last written from; older entries change nothing. */
const syncSequence = () => bigint("sync_sequence", { mode: "number" }).notNull().default(0);

const xpColumns = () => ({
  xpPhysique: amount("xp_physique"),
  xpEnergy: amount("xp_energy"),
  xpLogic: amount("xp_logic"),
  xpCreativity: amount("xp_creativity"),
  xpSocial: amount("xp_social"),
});

export const users = pgTable("users", { id: uuid("id").primaryKey(), createdAt: createdAt() });

export const goals = pgTable("goals", {
  id: uuid("id").primaryKey(),
  userId: uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  title: text("title").notNull(),
  emoji: text("emoji").notNull(),
  categoryName: text("category_name").notNull(),
  categoryColor: text("category_color").notNull(),
  status: text("status").notNull(),
  daysTotal: integer("days_total").notNull(),
  daysCompleted: integer("days_completed").notNull(),
  syncSequence: syncSequence(),
});

export const activities = pgTable("activities", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  emoji: text("emoji").notNull(),
  category: text("category").notNull(),
  color: text("color").notNull(),
  syncSequence: syncSequence(),
});

export const sessions = pgTable(
  "sessions",
  {
    id: varchar("id", { length: 255 }).primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    goalId: uuid("goal_id")
      .notNull()
      .references(() => goals.id, { onDelete: "cascade" }),
    activityId: uuid("activity_id")
      .notNull()
      .references(() => activities.id, { onDelete: "cascade" }),
    status: varchar("status", { length: 20, enum: ["active", "completed", "abandoned"] }).notNull(),
    startedAt: time("started_at").notNull(),
    endedAt: time("ended_at"),
    totalDurationSeconds: seconds("total_duration_seconds"),
    focusedDurationSeconds: seconds("focused_duration_seconds"),
    xpTotal: amount("xp_total"),
    ...xpColumns(),
    completedReason: varchar("completed_reason", { length: 20 }),
    devicePlatform: varchar("device_platform", { length: 10 }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    syncSequence: syncSequence(),
  },
  (table) => [
    // NULLS FIRST is what a plain ORDER BY … DESC means; otherwise the index could not serve it.
    index("sessions_user_started_at").on(table.userId, table.startedAt.desc().nullsFirst()),
    index("sessions_goal").on(table.goalId),
    index("sessions_user_status").on(table.userId, table.status),
    // Reconciliation reads a day at a time.
    index("sessions_ended_at").on(table.endedAt),
  ],
);

/** One row per session that earned XP or might have; user totals are the sums of these. */
export const xpLedger = pgTable(
  "xp_ledger",
  {
    sessionId: varchar("session_id", { length: 255 })
      .primaryKey()
      .references(() => sessions.id, { onDelete: "cascade" }),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    ...xpColumns(),
    xpTotal: amount("xp_total"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [index("xp_ledger_user").on(table.userId)],
);

export const lifeLevels = pgTable("life_levels", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  ...xpColumns(),
  xpTotal: amount("xp_total"),
  /** The rule of rules.ts, kept by the database itself so that it cannot disagree with the total. */
  lifeLevel: integer("life_level")
    .notNull()
    .generatedAlwaysAs(sql`(1 + floor(sqrt(xp_total::double precision / 10000)))::integer`),
  updatedAt: updatedAt(),
});

export const businessCards = pgTable("business_cards", {
  token: varchar("token", { length: 255 }).primaryKey(),
  companyName: text("company_name").notNull(),
  industry: text("industry"),
  businessTypeId: text("business_type_id"),
  countryCode: text("country_code"),
  description: text("description"),
  city: text("city"),
  businessHighlights: text("business_highlights"),
  reasonForSelling: text("reason_for_selling"),
  revenue: doublePrecision("revenue"),
  employeeCount: integer("employee_count"),
  foundingYear: integer("founding_year"),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});
