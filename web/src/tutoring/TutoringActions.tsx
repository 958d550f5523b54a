import { useMutation } from "convex/react";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import type { Watched } from "./api";
import { JoinDialog } from "./booking/JoinDialog";
import { TutoringFormDialog } from "./terms/TutoringForm";
import { allParticipants, isOver, personName } from "./words";

type Asking = "join" | "leave" | "cancel" | "approve" | "edit" | "delete";

/** What one can do with a session; each act says whom it touches before it is done. */
export function TutoringActions({ session, seats, viewer }: Watched) {
  const { isCreator, hasSeat, request } = viewer;
  const [asking, setAsking] = useState<Asking | null>(null);
  const waits = request?.status === "pending";
  const ask = (name: Asking) => () => setAsking(name);
  const dialog = (name: Asking) => ({
    open: asking === name,
    onOpenChange: (open: boolean) => setAsking(open ? name : null),
  });
  const over = isOver(seats.status);

  return (
    <div className="flex flex-wrap items-center gap-2">
      {!over && (
        <>
          {waits && <Badge tone="warning">Waiting for {personName(session.creator)}</Badge>}
          {request?.status === "rejected" && <Badge>Your request was rejected</Badge>}
          {viewer.isModerator && seats.status === "pending_approval" && (
            <Button onClick={ask("approve")}>Approve</Button>
          )}
          {isCreator && (
            <Button variant="secondary" onClick={ask("edit")}>
              <Pencil /> Edit
            </Button>
          )}
          {(isCreator || hasSeat) && (
            <Button variant="quietDanger" onClick={ask("cancel")}>
              Cancel session
            </Button>
          )}
          {!isCreator && (hasSeat || waits) && (
            <Button variant="secondary" onClick={ask("leave")}>
              {hasSeat ? "Leave" : "Withdraw request"}
            </Button>
          )}
          {!isCreator && !request && (
            <Button disabled={!seats.isOpen || seats.isFull} onClick={ask("join")}>
              {seats.isFull
                ? "Full"
                : seats.isOpen
                  ? "Ask to join"
                  : seats.status === "ongoing"
                    ? "Has begun"
                    : "Not open yet"}
            </Button>
          )}
        </>
      )}
      {isCreator && (
        <Button variant="ghost" size="icon" aria-label="Delete session" onClick={ask("delete")}>
          <Trash2 />
        </Button>
      )}
      <JoinDialog session={session} {...dialog("join")} />
      {isCreator && <TutoringFormDialog session={session} {...dialog("edit")} />}
      <LeaveDialog {...{ session, seats, viewer }} {...dialog("leave")} />
      <CancelDialog {...{ session, seats, viewer }} {...dialog("cancel")} />
      <DeleteDialog {...{ session, seats, viewer }} {...dialog("delete")} />
      <ApproveDialog {...{ session, seats, viewer }} {...dialog("approve")} />
    </div>
  );
}

type DialogProps = Watched & { open: boolean; onOpenChange: (open: boolean) => void };

function LeaveDialog({ session, viewer, seats: _, ...dialog }: DialogProps) {
  const leave = useMutation(api.tutoring.sessions.leave);
  const [verb, title] = viewer.hasSeat ? ["Leave", "Leave this session"] : ["Withdraw", "Withdraw your request"];
  return (
    <ConfirmDialog {...dialog} title={title} confirm={verb} onConfirm={() => leave({ id: session.id })}>
      {viewer.hasSeat
        ? "Frees your seat only. The session goes on for the others, and somebody else may take the seat."
        : `${personName(session.creator)} no longer sees your request.`}{" "}
      You may ask again.
    </ConfirmDialog>
  );
}

function CancelDialog({ session, seats, viewer, ...dialog }: DialogProps) {
  const cancel = useMutation(api.tutoring.sessions.cancel);
  const { participantCount: count, pendingRequestCount: waiting } = seats;
  const whom = `${allParticipants(count)}${viewer.isCreator ? "" : " and the tutor"}`;
  const are = viewer.isCreator && count === 1 ? "is" : "are";
  return (
    <ConfirmDialog
      {...dialog}
      title="Cancel this session"
      confirm="Cancel session"
      onConfirm={() => cancel({ id: session.id })}
    >
      {count === 0 ? "Nobody has a seat yet." : `Cancels for ${whom}, who ${are} told at once.`}{" "}
      {waiting > 0 &&
        `${waiting === 1 ? "The request that waits is" : `All ${waiting} waiting requests are`} turned down. `}
      It cannot be taken back. {viewer.hasSeat && "To give up only your own seat, leave instead."}
    </ConfirmDialog>
  );
}

function DeleteDialog({ session, seats, viewer: _, ...dialog }: DialogProps) {
  const remove = useMutation(api.tutoring.sessions.remove);
  const navigate = useNavigate();
  const { participantCount: count } = seats;
  const deleteIt = async () => {
    await remove({ id: session.id });
    await navigate("/tutoring");
  };
  return (
    <ConfirmDialog {...dialog} title="Delete this session" confirm="Delete session" onConfirm={deleteIt}>
      Deletes it with its requests, materials and notifications for everybody.{" "}
      {count > 0 &&
        !isOver(seats.status) &&
        `It is cancelled for ${allParticipants(count)}, who ${count === 1 ? "is" : "are"} told. `}
      It cannot be taken back.
    </ConfirmDialog>
  );
}

function ApproveDialog({ session, seats: _seats, viewer: _viewer, ...dialog }: DialogProps) {
  const approve = useMutation(api.tutoring.sessions.approve);
  return (
    <ConfirmDialog
      {...dialog}
      danger={false}
      title="Approve this session"
      confirm="Approve"
      onConfirm={() => approve({ id: session.id })}
    >
      Everybody may ask to join it from now on; {personName(session.creator)} is told.
    </ConfirmDialog>
  );
}
