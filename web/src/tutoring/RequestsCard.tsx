import { useMutation } from "convex/react";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { DataList } from "@/components/DataList";
import { RelativeTime } from "@/components/RelativeTime";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import type { BookingRequest, TutoringSession } from "./api";
import { personName } from "./words";

/** Requests that wait for the creator's answer. */
export function RequestsCard({ session }: { session: TutoringSession }) {
  const pending = session.bookingRequests.filter(({ status }) => status === "pending");
  return (
    <Card aria-label="Requests">
      <CardTitle className="mb-2">Requests</CardTitle>
      <DataList
        state={{ kind: "ready", data: pending }}
        label="Requests"
        keyOf={({ id }) => id}
        row={(request) => <RequestRow sessionId={session.id} isFull={session.isFull} request={request} />}
        empty={<EmptyState className="py-4">Nobody is waiting for an answer.</EmptyState>}
      />
    </Card>
  );
}

function RequestRow({ sessionId, isFull, request }: { sessionId: number; isFull: boolean; request: BookingRequest }) {
  const approve = useMutation(api.tutoring.sessions.approveRequest);
  const reject = useMutation(api.tutoring.sessions.rejectRequest);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const answer = (act: typeof approve) => {
    setBusy(true);
    setProblem(null);
    act({ id: sessionId, userId: request.user.id })
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <div className="flex flex-wrap items-center gap-3 py-3">
      <div className="min-w-40 flex-1">
        <p className="text-sm font-medium">{personName(request.user)}</p>
        {request.message && <p className="text-sm break-words text-muted-foreground">{request.message}</p>}
        <p className="text-xs text-muted-foreground">
          asked <RelativeTime at={request.requestedAt} />
        </p>
        {problem && (
          <p role="alert" className="text-xs text-danger-text">
            {problem}
          </p>
        )}
      </div>
      <Button size="sm" busy={busy} disabled={isFull} onClick={() => answer(approve)}>
        <Check /> Approve
      </Button>
      <Button size="sm" variant="secondary" busy={busy} onClick={() => answer(reject)}>
        <X /> Reject
      </Button>
    </div>
  );
}
