import type { Instant, Mutation, Paginated, Query } from "@/lib/api";

export type ReportStatus = "IN_PROGRESS" | "COMPLETED" | "ARCHIVED";

export type ReportSummary = {
  id: string;
  reportId: string;
  status: ReportStatus;
  currentView: "MANUAL" | "CONVERSATIONAL";
  createdAt: Instant;
  updatedAt: Instant;
  completedAt: Instant | null;
  formData: Record<string, unknown> | null;
  valuationResult: unknown;
};

export type Report = ReportSummary & { revision: number; prefilledFromCard: boolean };

export type ValuationsApi = {
  sessions: {
    list: Paginated<{ status?: string }, ReportSummary>;
    get: Query<{ reportId: string }, Report>;
    create: Mutation<{ reportId?: string; businessCardToken?: string }, Report>;
    update: Mutation<{ reportId: string; status?: ReportStatus; formData?: Record<string, unknown>; expectedRevision?: number }, Report>;
    remove: Mutation<{ reportId: string }, unknown>;
  };
};
