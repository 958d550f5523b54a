import { useMutation } from "convex/react";
import { useState } from "react";
import { useMe, usePermission } from "@/accounts/MeProvider";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import type { TutoringSession } from "./api";
import { JoinDialog } from "./JoinDialog";
import { personName } from "./words";

const OPEN = new Set<TutoringSession["status"]>(["pending_approval", "approved", "scheduled", "ongoing"]);

/** What one can do with a session: join, withdraw, leave, approve, cancel; each says whom it touches before it is done. */
export function TutoringActions({ session }: { session: TutoringSession }) {
  const { publicId } = useMe();
  const moderates = usePermission("moderate_sessions");
  const leave = useMutation(api.tutoring.sessions.leave);
  const cancel = useMutation(api.tutoring.sessions.cancel);
  const approve = useMutation(api.tutoring.sessions.approve);
  const [asking, setAsking] = useState<"join" | "leave" | "cancel" | "approve" | null>(null);
  const of = { id: session.id };
  const isCreator = session.creator.id === publicId;
  const isIn = session.participants.some(({ user }) => user.id === publicId);
  const waits = session.bookingRequests.some(({ user, status }) => user.id === publicId && status === "pending");
  const dialog = (name: typeof asking) => ({ open: asking === name, onOpenChange: (open: boolean) => setAsking(open ? name : null) });
  if (!OPEN.has(session.status)) return null;

  return (
    <>
      {waits && <Badge tone="warning">Waiting for {personName(session.creator)}</Badge>}
      {moderates && session.status === "pending_approval" && <Button onClick={() => setAsking("approve")}>Approve</Button>}
      {(isCreator || isIn) && (
        <Button variant="quietDanger" onClick={() => setAsking("cancel")}>
          Cancel session
        </Button>
      )}
      {!isCreator && (isIn || waits) && (
        <Button variant="secondary" onClick={() => setAsking("leave")}>
          {isIn ? "Leave" : "Withdraw"}
        </Button>
      )}
      {!isCreator && !isIn && !waits && (
        <Button disabled={!session.canJoin} onClick={() => setAsking("join")}>
          {session.isFull ? "Full" : "Ask to join"}
        </Button>
      )}
      <JoinDialog session={session} {...dialog("join")} />
      <ConfirmDialog {...dialog("leave")} title={isIn ? "Leave this session" : "Withdraw your request"} confirm={isIn ? "Leave" : "Withdraw"} onConfirm={() => leave(of)}>
        {isIn ? "Your seat becomes free for somebody else. The session goes on for the others." : `${personName(session.creator)} no longer sees your request.`}{" "}
        You may ask again.
      </ConfirmDialog>
      <ConfirmDialog {...dialog("cancel")} title="Cancel this session" confirm="Cancel session" onConfirm={() => cancel(of)}>
        Cancels for {session.participantCount === 1 ? "the one participant" : `all ${session.participantCount} participants`} and the
        tutor, who are told at once. It cannot be taken back.
      </ConfirmDialog>
      <ConfirmDialog {...dialog("approve")} danger={false} title="Approve this session" confirm="Approve" onConfirm={() => approve(of)}>
        Everybody may ask to join it from now on; {personName(session.creator)} is told.
      </ConfirmDialog>
    </>
  );
}
