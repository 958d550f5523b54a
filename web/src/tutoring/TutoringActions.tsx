import { hasEnded } from "@convex/tutoring/rules";
import { useMutation } from "convex/react";
import { Ban, CalendarClock, Check, Megaphone, Pencil, Share2, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { t } from "@/messages/translate";
import type { Watched } from "./types";
import { JoinDialog } from "./booking/JoinDialog";
import { MessageDialog } from "./hosting/MessageDialog";
import { MoreActions } from "@/components/MoreActions";
import { ProposeDialog } from "./hosting/ProposeDialog";
import { ShareDialog } from "./hosting/ShareDialog";
import { TutoringFormDialog } from "./terms/TutoringForm";
import { personName } from "./words";

type Asking = "message" | "share" | "propose" | "join" | "leave" | "cancel" | "approve" | "edit" | "delete";

type ActionsProps = Watched & {
  /** Called with true while the session is deleted from here, which is then no news to tell. */
  setLeaving: (leaving: boolean) => void;
};

/** The actions on a session. Each dialog says whom it affects. */
export function TutoringActions({ session, seats, viewer, setLeaving }: ActionsProps) {
  const { isCreator } = viewer;
  const [asking, setAsking] = useState<Asking | null>(null);
  const dialog = (name: Asking) => ({
    open: asking === name,
    onOpenChange: (open: boolean) => setAsking(open ? name : null),
  });

  return (
    <div className="flex flex-wrap items-center gap-2">
      {!hasEnded(seats.status) && <RunningActions {...{ session, seats, viewer }} ask={setAsking} />}
      {isCreator && hasEnded(seats.status) && (
        <Button
          variant="ghost"
          size="icon"
          aria-label={t("tutoring.deleteSession")}
          onClick={() => setAsking("delete")}
        >
          <Trash2 />
        </Button>
      )}
      <JoinDialog session={session} {...dialog("join")} />
      <ProposeDialog session={session} {...dialog("propose")} />
      {isCreator && (
        <>
          <MessageDialog id={session.id} participantCount={seats.participantCount} {...dialog("message")} />
          <ShareDialog id={session.id} status={seats.status} {...dialog("share")} />
        </>
      )}
      {isCreator && <TutoringFormDialog session={session} {...dialog("edit")} />}
      <LeaveDialog {...{ session, seats, viewer }} {...dialog("leave")} />
      <CancelDialog {...{ session, seats, viewer }} {...dialog("cancel")} />
      <DeleteDialog {...{ session, seats, viewer, setLeaving }} {...dialog("delete")} />
      <ApproveDialog {...{ session, seats, viewer }} {...dialog("approve")} />
    </div>
  );
}

type RunningProps = Watched & { ask: (name: Asking) => void };

/** The actions on a session that is not over. */
const RunningActions = (props: RunningProps) =>
  props.viewer.isCreator ? <CreatorActions {...props} /> : <OthersActions {...props} />;

function CreatorActions({ seats, viewer, ask }: RunningProps) {
  return (
    <>
      <Button variant="secondary" onClick={() => ask("edit")}>
        <Pencil />
        {t("common.edit")}
      </Button>
      <Button variant="quietDanger" onClick={() => ask("cancel")}>
        {t("tutoring.cancelSession")}
      </Button>
      <MoreActions
        actions={[
          ...(seats.participantCount > 0
            ? [{ icon: <Megaphone />, label: t("tutoring.messageParticipants"), act: () => ask("message") }]
            : []),
          { icon: <Share2 />, label: t("tutoring.shareByLink"), act: () => ask("share") },
          ...(viewer.mayApprove && seats.status === "pending_approval"
            ? [{ icon: <Check />, label: t("tutoring.approveOwn"), act: () => ask("approve") }]
            : []),
          { icon: <Trash2 />, label: t("tutoring.deleteSession"), act: () => ask("delete") },
        ]}
      />
    </>
  );
}

function OthersActions({ session, seats, viewer, ask }: RunningProps) {
  const { hasSeat, request, waitlistPosition } = viewer;
  const waits = request?.status === "pending";
  // When all seats are taken, the waiting list is the way in.
  const mayAsk = !request && waitlistPosition === null && !(seats.isOpen && seats.isFull);
  return (
    <>
      {waits && <Badge tone="warning">{t("tutoring.waitingFor", { tutor: personName(session.creator) })}</Badge>}
      {request?.status === "rejected" && <Badge>{t("tutoring.requestRejected")}</Badge>}
      {viewer.mayApprove && seats.status === "pending_approval" && (
        <Button onClick={() => ask("approve")}>{t("tutoring.approve")}</Button>
      )}
      {(hasSeat || waits) && (
        <Button variant="secondary" onClick={() => ask("leave")}>
          {hasSeat ? t("tutoring.leave") : t("tutoring.withdrawRequest")}
        </Button>
      )}
      {mayAsk && (
        <Button disabled={!seats.isOpen || seats.isFull} onClick={() => ask("join")}>
          {joinText(seats)}
        </Button>
      )}
      <MoreActions
        actions={[
          ...((hasSeat || waits) && seats.status !== "ongoing"
            ? [{ icon: <CalendarClock />, label: t("tutoring.proposeTime"), act: () => ask("propose") }]
            : []),
          ...(hasSeat ? [{ icon: <Ban />, label: t("tutoring.cancelForAll"), act: () => ask("cancel") }] : []),
        ]}
      />
    </>
  );
}

function joinText({ isFull, isOpen, status }: Watched["seats"]): string {
  if (isFull) return t("tutoring.full");
  if (isOpen) return t("tutoring.askToJoin");
  return status === "ongoing" ? t("common.inProgress") : t("tutoring.notOpenYet");
}

type DialogProps = Watched & { open: boolean; onOpenChange: (open: boolean) => void };

function LeaveDialog({ session, viewer, seats: _, ...dialog }: DialogProps) {
  const leave = useMutation(api.tutoring.sessions.leave);
  const [verb, title, note] = viewer.hasSeat
    ? [t("tutoring.leave"), t("tutoring.leaveQuestion"), t("tutoring.leaveNote")]
    : [
        t("tutoring.withdraw"),
        t("tutoring.withdrawQuestion"),
        t("tutoring.withdrawNote", { tutor: personName(session.creator) }),
      ];
  return (
    <ConfirmDialog {...dialog} title={title} confirm={verb} onConfirm={() => leave({ id: session.id })}>
      {note} {t("tutoring.askAgain")}
    </ConfirmDialog>
  );
}

function CancelDialog({ session, seats, viewer, ...dialog }: DialogProps) {
  const cancel = useMutation(api.tutoring.sessions.cancel);
  const { participantCount: count, pendingRequestCount: waiting } = seats;
  const tells = viewer.isCreator ? "tutoring.tellsParticipants" : "tutoring.tellsAll";
  const told = count === 0 ? t("tutoring.noneSeated") : t(tells, { count });
  return (
    <ConfirmDialog
      {...dialog}
      title={t("tutoring.cancelQuestion")}
      confirm={t("tutoring.cancelSession")}
      cancel={t("tutoring.keepSession")}
      onConfirm={() => cancel({ id: session.id })}
    >
      {told} {t("tutoring.rejectsRequests", { count: waiting })} {t("common.cannotUndo")}{" "}
      {viewer.hasSeat && t("tutoring.leaveInstead")}
    </ConfirmDialog>
  );
}

function DeleteDialog({ session, seats, viewer: _, setLeaving, ...dialog }: DialogProps & ActionsProps) {
  const remove = useMutation(api.tutoring.sessions.remove);
  const navigate = useNavigate();
  const { participantCount: count } = seats;
  const deleteIt = async () => {
    setLeaving(true);
    try {
      await remove({ id: session.id });
    } catch (error) {
      setLeaving(false);
      throw error;
    }
    await navigate("/tutoring");
  };
  return (
    <ConfirmDialog
      {...dialog}
      title={t("tutoring.deleteQuestion")}
      confirm={t("tutoring.deleteSession")}
      onConfirm={deleteIt}
    >
      {t("tutoring.deleteNote")} {count > 0 && !hasEnded(seats.status) && t("tutoring.deleteCancels", { count })}{" "}
      {t("common.cannotUndo")}
    </ConfirmDialog>
  );
}

function ApproveDialog({ session, seats: _, viewer, ...dialog }: DialogProps) {
  const approve = useMutation(api.tutoring.sessions.approve);
  return (
    <ConfirmDialog
      {...dialog}
      danger={false}
      title={t("tutoring.approveQuestion")}
      confirm={t("tutoring.approve")}
      onConfirm={() => approve({ id: session.id })}
    >
      {viewer.isCreator
        ? t("tutoring.approveOwnNote")
        : t("tutoring.approveNote", { tutor: personName(session.creator) })}
    </ConfirmDialog>
  );
}
