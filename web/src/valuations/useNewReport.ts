import { useConvex, useMutation } from "convex/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { formOf } from "./reports";

/** The reports that are looked through for an empty one. */
const LATEST = 20;

/** Opens an empty report: the one that was left empty before, else a new one. */
export function useNewReport() {
  const createReport = useMutation(api.valuations.sessions.create);
  const convex = useConvex();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const findEmpty = async () => {
    const paginationOpts = { numItems: LATEST, cursor: null };
    const { page } = await convex.query(api.valuations.sessions.list, { status: "in_progress", paginationOpts });
    return page.find((report) => Object.keys(formOf(report)).length === 0);
  };
  const create = () => {
    setBusy(true);
    setProblem(null);
    findEmpty()
      .then((empty) => empty ?? createReport({}))
      .then(({ reportId }) => navigate(`/reports/${encodeURIComponent(reportId)}`))
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return { create, busy, problem };
}
