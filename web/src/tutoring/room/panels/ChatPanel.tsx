import { useMutation } from "convex/react";
import { SendHorizontal } from "lucide-react";
import { useId, useState, type FormEvent } from "react";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { RelativeTime } from "@/components/RelativeTime";
import { api } from "@/lib/api";
import { usePaginatedState } from "@/lib/live/usePaginatedState";
import { t } from "@/messages/translate";
import { useAct } from "@/lib/hooks/useAct";

const MESSAGE_MAX = 2_000;

/** What is said in writing, newest last. */
export function ChatPanel({ id }: { id: number }) {
  const chat = usePaginatedState(api.tutoring.room.chat, { id });
  return (
    <Card aria-label={t("room.chat")} className="flex flex-col gap-3">
      <CardTitle>{t("room.chat")}</CardTitle>
      {chat.kind === "loading" && <ListSkeleton rows={2} />}
      {chat.kind === "error" && <ErrorState failure={chat.failure} retry={chat.retry} />}
      {chat.kind === "ready" && chat.data.length === 0 && (
        <EmptyState className="py-4">{t("room.chatEmpty")}</EmptyState>
      )}
      {chat.kind === "ready" && chat.data.length > 0 && (
        // From below, so that the newest stays in sight while others come in.
        <div
          tabIndex={0}
          role="group"
          aria-label={t("room.chat")}
          className="flex max-h-72 flex-col-reverse overflow-y-auto"
        >
          <ol role="log" aria-label={t("room.chat")} className="space-y-2">
            {chat.data.toReversed().map(({ id: messageId, name, text, sentAt }) => (
              <li key={messageId} className="text-sm">
                <span className="font-medium">{name}</span>{" "}
                <RelativeTime at={sentAt} className="text-xs text-muted-foreground" />
                <p className="break-words whitespace-pre-line">{text}</p>
              </li>
            ))}
          </ol>
          {chat.loadMore && (
            <Button variant="link" size="sm" busy={chat.loadingMore} onClick={chat.loadMore}>
              {t("room.earlier")}
            </Button>
          )}
        </div>
      )}
      <SayForm id={id} />
    </Card>
  );
}

function SayForm({ id }: { id: number }) {
  const say = useMutation(api.tutoring.room.say);
  const field = useId();
  const [text, setText] = useState("");
  const { run, busy, problem } = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = text.trim();
    if (said === "" || busy) return;
    run(async () => {
      await say({ id, text: said });
      setText("");
    });
  };
  return (
    <form onSubmit={submit} className="space-y-1.5">
      <Label htmlFor={field} className="sr-only">
        {t("room.message")}
      </Label>
      <div className="flex gap-2">
        <Input
          id={field}
          value={text}
          maxLength={MESSAGE_MAX}
          autoComplete="off"
          placeholder={t("room.message")}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" size="icon" busy={busy} aria-label={t("room.send")}>
          <SendHorizontal />
        </Button>
      </div>
      {problem && (
        <p role="alert" className="text-sm text-danger-text">
          {problem}
        </p>
      )}
    </form>
  );
}
