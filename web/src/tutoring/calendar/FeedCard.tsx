import { CalendarSync } from "lucide-react";
import { useId, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CopyField } from "@/components/CopyField";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Label } from "@/components/ui/label";
import { useRest } from "@/lib/server/useRest";
import { t } from "@/messages/translate";

/** The private address under which calendars find the user's sessions. It is shown once, when it is made. */
export function FeedCard() {
  const { call } = useRest();
  const [url, setUrl] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const field = useId();
  const make = async () => {
    const response = await call("/api/calendar/", { method: "POST" });
    setUrl(((await response.json()) as { url: string }).url);
  };
  return (
    <Card aria-label={t("tutoring.calendarFeed")} className="space-y-3">
      <CardTitle>{t("tutoring.calendarFeed")}</CardTitle>
      <p className="text-sm text-muted-foreground">{t("tutoring.calendarFeedNote")}</p>
      {url && (
        <div className="space-y-1.5">
          <Label htmlFor={field}>{t("tutoring.feedAddress")}</Label>
          <CopyField id={field} value={url} copied={t("tutoring.feedCopied")} />
          <p className="text-xs text-muted-foreground">{t("tutoring.feedShownOnce")}</p>
        </div>
      )}
      <Button variant="secondary" onClick={() => setAsking(true)}>
        <CalendarSync />
        {url ? t("tutoring.newFeedAddress") : t("tutoring.getFeedAddress")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger={false}
        title={t("tutoring.feedQuestion")}
        confirm={t("tutoring.makeFeedAddress")}
        onConfirm={make}
      >
        {t("tutoring.feedQuestionNote")}
      </ConfirmDialog>
    </Card>
  );
}
