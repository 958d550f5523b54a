import type { Action, Instant, Mutation, NoArgs, Paginated, Query } from "@/lib/api";
import type { Dimension, PerDimension } from "./dimensions";

export type Goal = {
  id: string;
  title: string;
  emoji: string;
  category: { name: string; color: string };
  status: string;
  daysTotal: number;
  daysCompleted: number;
};

export type Activity = { id: string; name: string; emoji: string; category: string; color: string };

/** Why a rate is what it is: the term that was recognised and where its weight comes from. */
export type RateReason = { dimension: Dimension; term: string; weight: number; source: string };

export type CalculatedRates = { rates: PerDimension; reasons: RateReason[]; scoredBy: "model" | "lexicon" };

export type LiveSession = {
  id: string;
  status: "active" | "paused";
  goalId: string;
  activityId: string;
  /** XP per second, frozen at the start. */
  rates: PerDimension;
  /** Focused time up to the last stop. */
  focusedMs: number;
  /** Server ms since when time counts, or null while it does not. */
  runningSince: number | null;
  plannedSeconds: number | null;
  /** What was done last and on which device. */
  lastChange: { kind: string; device: string; at: number } | null;
};

export type EndedSession = {
  id: string;
  startedAt: Instant;
  endedAt: Instant;
  totalDurationSeconds: number;
  focusedDurationSeconds: number;
  xpTotal: number;
  xp: PerDimension;
  completedReason: "manual" | "auto" | "abandoned" | "timeout" | "crash_recovered";
  activity: { id: string; name: string; emoji: string };
};

export type Progress = {
  xpTotal: number;
  xp: PerDimension;
  lifeLevel: number;
  /** Total XP at which the next level begins. */
  nextLevelAt: number;
  today: { focusedSeconds: number; xpTotal: number };
  streakDays: number;
};

/** One calendar day of the zone that was asked for. */
export type Day = { date: string; focusedSeconds: number; xpTotal: number; xp: PerDimension };

type OfSession = { sessionId: string };

export type FocusApi = {
  goals: {
    create: Mutation<{ title: string; emoji: string; category: { name: string; color: string }; daysTotal: number }, string>;
    list: Query<NoArgs, Goal[]>;
    get: Query<{ goalId: string }, Goal>;
  };
  activities: {
    list: Query<NoArgs, Activity[]>;
    create: Mutation<{ name: string; emoji: string; category: string; color: string }, string>;
  };
  rates: { calculate: Action<{ activityId: string; goalId: string }, CalculatedRates> };
  clock: { now: Action<NoArgs, number> };
  sessions: {
    start: Mutation<{ goalId: string; activityId: string; devicePlatform?: string; plannedSeconds?: number; timeZone?: string }, unknown>;
    pause: Mutation<OfSession, unknown>;
    resume: Mutation<OfSession, unknown>;
    heartbeat: Mutation<OfSession & { hidden?: boolean }, unknown>;
    complete: Mutation<OfSession & { reason?: "manual" | "abandoned" | "crash_recovered" }, unknown>;
    current: Query<NoArgs, LiveSession | null>;
    history: Paginated<{ goalId: string }, EndedSession>;
  };
  progress: {
    mine: Query<{ timeZone?: string }, Progress>;
    weeks: Query<{ timeZone: string; weeks: number }, { days: Day[] }>;
  };
};
