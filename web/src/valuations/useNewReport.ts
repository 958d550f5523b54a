import { useMutation } from "convex/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";

/** Creates an empty report and opens it. */
export function useNewReport() {
  const createReport = useMutation(api.valuations.sessions.create);
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const create = () => {
    setBusy(true);
    setProblem(null);
    createReport({})
      .then(({ reportId }) => navigate(`/reports/${encodeURIComponent(reportId)}`))
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return { create, busy, problem };
}
