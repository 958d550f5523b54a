"use node";

/**
 * Entries of different sessions as rows of JSON, and the statements that write all of them at once. Every statement
 * takes its rows in the order of their key, so that two deliveries beside each other wait for each other instead of
 * locking up.
 */
import { sql, type SQL } from "drizzle-orm";
import { getStatus, type CompletePayload, type Delivery, type StorePayload } from "../../payload";
import { toWireXp, type Xp, zeros } from "../../../xp/amounts";

export type Entry = Pick<Delivery, "sequence" | "payload">;
export type XpRow = { id: string; userId: string; xp: Xp };

/** Half a surrogate pair is text in JavaScript and in no database. */
const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? Buffer.from(value).toString() : value;

const rows = (values: object[], columns: string): SQL =>
  sql`jsonb_to_recordset(${JSON.stringify(values, wellFormed)}::jsonb) AS r(${sql.raw(columns)})`;

const time = (ms: number): string => new Date(ms).toISOString();

const XP_COLUMNS = Object.keys(toWireXp(zeros()));
const XP = XP_COLUMNS.join(", ");
const XP_TYPES = XP_COLUMNS.map((name) => `${name} bigint`).join(", ");

/** `name = EXCLUDED.name, …` */
const replaced = (columns: string): string =>
  columns
    .split(", ")
    .map((name) => `${name} = EXCLUDED.${name}`)
    .join(", ");

export const insertUsers = (entries: Entry[]): SQL => sql`
  INSERT INTO users (id)
  SELECT DISTINCT id FROM ${rows(
    entries.map(({ payload }) => ({ id: payload.userId })),
    "id uuid",
  )} ORDER BY id
  ON CONFLICT DO NOTHING`;

const GOAL = "title, emoji, category_name, category_color, status, days_total, days_completed, sync_sequence";

/** The newest counts among entries of the same goal. */
export const upsertGoals = (entries: Entry[]): SQL => {
  const goals = entries.map(({ sequence, payload: { userId, goal } }) => ({
    id: goal.id,
    user_id: userId,
    title: goal.title,
    emoji: goal.emoji,
    category_name: goal.category.name,
    category_color: goal.category.color,
    status: goal.status,
    days_total: goal.daysTotal,
    days_completed: goal.daysCompleted,
    sync_sequence: sequence,
  }));
  const types =
    "id uuid, user_id uuid, title text, emoji text, category_name text, category_color text, status text, days_total integer, days_completed integer, sync_sequence bigint";
  return sql`
  INSERT INTO goals (id, user_id, ${sql.raw(GOAL)})
  SELECT DISTINCT ON (id) id, user_id, ${sql.raw(GOAL)} FROM ${rows(goals, types)} ORDER BY id, sync_sequence DESC
  ON CONFLICT (id) DO UPDATE SET ${sql.raw(replaced(GOAL))} WHERE goals.sync_sequence < EXCLUDED.sync_sequence`;
};

const ACTIVITY = "name, emoji, category, color, sync_sequence";

/** The newest counts among entries of the same activity. */
export const upsertActivities = (entries: Entry[]): SQL => {
  const activities = entries.map(({ sequence, payload }) => ({ ...payload.activity, sync_sequence: sequence }));
  const types = "id uuid, name text, emoji text, category text, color text, sync_sequence bigint";
  return sql`
  INSERT INTO activities (id, ${sql.raw(ACTIVITY)})
  SELECT DISTINCT ON (id) id, ${sql.raw(ACTIVITY)} FROM ${rows(activities, types)} ORDER BY id, sync_sequence DESC
  ON CONFLICT (id) DO UPDATE SET ${sql.raw(replaced(ACTIVITY))} WHERE activities.sync_sequence < EXCLUDED.sync_sequence`;
};

const OUTCOME = `status, started_at, ended_at, total_duration_seconds, focused_duration_seconds, completed_reason, ${XP}`;
const SESSION = `user_id, goal_id, activity_id, device_platform, sync_sequence, ${OUTCOME}`;
const SESSION_TYPES = `id text, user_id uuid, goal_id uuid, activity_id uuid, device_platform text, sync_sequence bigint, status text, started_at timestamptz, ended_at timestamptz, total_duration_seconds bigint, focused_duration_seconds bigint, completed_reason text, ${XP_TYPES}`;

const outcome = (payload: StorePayload) =>
  payload.kind === "register"
    ? { status: getStatus(payload), started_at: time(payload.startedAt), ...toWireXp(zeros()) }
    : {
        status: getStatus(payload),
        started_at: time(payload.startedAt),
        ended_at: time(payload.endedAt),
        total_duration_seconds: payload.totalDurationSeconds,
        focused_duration_seconds: payload.focusedDurationSeconds,
        completed_reason: payload.completedReason,
        ...toWireXp(payload.xp),
      };

const sessionRows = (entries: Entry[]): SQL =>
  rows(
    entries.map(({ sequence, payload }) => ({
      id: payload.sessionId,
      user_id: payload.userId,
      goal_id: payload.goal.id,
      activity_id: payload.activity.id,
      device_platform: payload.devicePlatform,
      sync_sequence: sequence,
      ...outcome(payload),
    })),
    SESSION_TYPES,
  );

/** Returns the ids of those that were not there. */
export const insertSessions = (entries: Entry[]): SQL => sql`
  INSERT INTO sessions (id, ${sql.raw(SESSION)})
  SELECT id, ${sql.raw(SESSION)} FROM ${sessionRows(entries)} ORDER BY id
  ON CONFLICT DO NOTHING RETURNING id`;

export const lockSessions = (entries: Entry[]): SQL => sql`
  SELECT id, user_id, sync_sequence FROM sessions
  WHERE id IN (SELECT id FROM ${rows(
    entries.map(({ payload }) => ({ id: payload.sessionId })),
    "id text",
  )})
  ORDER BY id FOR UPDATE`;

const COMPARED = `status, ended_at, total_duration_seconds, focused_duration_seconds, completed_reason, ${XP}`;
const qualified = (table: string, columns: string): SQL =>
  sql.raw(
    columns
      .split(", ")
      .map((name) => `${table}.${name}`)
      .join(", "),
  );

/** Gives sessions that are there their end; the time of change stays where the end is the same. */
export const updateSessions = (entries: { sequence: number; payload: CompletePayload }[]): SQL => sql`
  UPDATE sessions AS s SET
    (${sql.raw(OUTCOME)}) = ROW(${qualified("r", OUTCOME)}),
    device_platform = coalesce(r.device_platform, s.device_platform),
    sync_sequence = r.sync_sequence,
    updated_at = CASE WHEN (${qualified("s", COMPARED)}) IS NOT DISTINCT FROM (${qualified("r", COMPARED)})
      THEN s.updated_at ELSE now() END
  FROM ${sessionRows(entries)} WHERE s.id = r.id`;

/** The ledger's entries of these sessions. */
export const selectLedger = (sessionIds: string[]): SQL => sql`
  SELECT session_id, ${sql.raw(XP)} FROM xp_ledger
  WHERE session_id IN (SELECT id FROM ${rows(
    sessionIds.map((id) => ({ id })),
    "id text",
  )})`;

const xpRows = (entries: XpRow[]): SQL =>
  rows(
    entries.map(({ id, userId, xp }) => ({ id, user_id: userId, ...toWireXp(xp) })),
    `id text, user_id uuid, ${XP_TYPES}`,
  );

export const upsertLedger = (entries: XpRow[]): SQL => sql`
  INSERT INTO xp_ledger (session_id, user_id, ${sql.raw(XP)})
  SELECT id, user_id, ${sql.raw(XP)} FROM ${xpRows(entries)} ORDER BY id
  ON CONFLICT (session_id) DO UPDATE SET ${sql.raw(replaced(XP))}, updated_at = now()`;

const sums = sql.raw(XP_COLUMNS.map((name) => `sum(${name})::bigint AS ${name}`).join(", "));
const added = (by: string): SQL => sql.raw(XP_COLUMNS.map((name) => `${name} = l.${name} + ${by}.${name}`).join(", "));

/** Takes the users' rows in order, for `moveLevels` to change. */
export const lockLevels = (differences: XpRow[]): SQL => sql`
  SELECT user_id FROM life_levels WHERE user_id IN (SELECT user_id FROM ${xpRows(differences)}) ORDER BY user_id FOR UPDATE`;

/** Moves the totals of users who have some; returns whose. */
export const moveLevels = (differences: XpRow[]): SQL => sql`
  UPDATE life_levels AS l SET ${added("d")}, updated_at = now()
  FROM (SELECT user_id, ${sums} FROM ${xpRows(differences)} GROUP BY user_id) AS d
  WHERE l.user_id = d.user_id RETURNING l.user_id`;

/**
 * First totals of users, hence no negative difference, of which there would be no level. Another delivery may have been
 * quicker.
 */
export const insertLevels = (differences: XpRow[]): SQL => sql`
  INSERT INTO life_levels AS l (user_id, ${sql.raw(XP)})
  SELECT user_id, ${sums} FROM ${xpRows(differences)} GROUP BY user_id ORDER BY user_id
  ON CONFLICT (user_id) DO UPDATE SET ${added("EXCLUDED")}, updated_at = now()`;
