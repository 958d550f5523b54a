import { useAuthActions } from "@convex-dev/auth/react";
import { LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { PageHeader } from "@/components/PageHeader";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { chooseTheme, useTheme } from "@/lib/theme";
import { ownTimeZone, timeZoneNote } from "@/lib/time/time";
import { t } from "@/messages/translate";
import { FeedCard } from "@/tutoring/calendar/FeedCard";
import { GuestSignOutDialog } from "./GuestSignOutDialog";
import { KeepWork } from "./KeepWork";
import { nameOf, useMe } from "./MeProvider";
import { NameCard } from "./NameCard";
import { PasswordCard } from "./PasswordCard";

const THEMES = [
  {
    value: "system",
    label: (
      <>
        <Monitor />
        {t("accounts.systemTheme")}
      </>
    ),
  },
  {
    value: "light",
    label: (
      <>
        <Sun />
        {t("accounts.lightTheme")}
      </>
    ),
  },
  {
    value: "dark",
    label: (
      <>
        <Moon />
        {t("accounts.darkTheme")}
      </>
    ),
  },
] as const;

export function SettingsPage() {
  const me = useMe();
  const { choice } = useTheme();
  const { signOut } = useAuthActions();
  const [asking, setAsking] = useState(false);
  const leave = () => (me.isAnonymous ? setAsking(true) : void signOut());
  return (
    <>
      <PageHeader
        title={t("shell.settings")}
        action={
          <Button variant="secondary" onClick={leave}>
            <LogOut />
            {t("accounts.signOut")}
          </Button>
        }
      />
      <div className="max-w-2xl space-y-6">
        <KeepWork />
        <Card aria-label={t("accounts.profile")}>
          <CardTitle className="mb-4">{t("accounts.profile")}</CardTitle>
          <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-y-2 text-sm [&_dd]:wrap-anywhere [&_dt]:text-muted-foreground">
            <dt>{t("accounts.name")}</dt>
            <dd>{nameOf(me)}</dd>
            <dt>{t("accounts.email")}</dt>
            <dd>{me.email ?? t("accounts.guestEmail")}</dd>
            <dt>{t("accounts.organization")}</dt>
            <dd>{me.tenant.name}</dd>
            <dt>{t("accounts.timeZone")}</dt>
            <dd>{timeZoneNote() ?? t("accounts.deviceTimeZone", { zone: ownTimeZone() })}</dd>
            <dt>{t("accounts.devices")}</dt>
            <dd>
              <Link to="/devices" className="text-accent-text underline-offset-4 hover:underline">
                {t("accounts.whereSignedIn")}
              </Link>
            </dd>
            <dt>{t("accounts.activityLog")}</dt>
            <dd>
              <Link to="/audit" className="text-accent-text underline-offset-4 hover:underline">
                {t("accounts.seeActivity")}
              </Link>
            </dd>
          </dl>
        </Card>
        {!me.isAnonymous && <NameCard />}
        <Card aria-label={t("shell.appearance")}>
          <CardTitle className="mb-4">{t("accounts.theme")}</CardTitle>
          <Segmented label={t("accounts.theme")} value={choice} options={THEMES} onChange={chooseTheme} />
        </Card>
        <FeedCard />
        {!me.isAnonymous && <PasswordCard />}
      </div>
      <GuestSignOutDialog open={asking} onOpenChange={setAsking} />
    </>
  );
}
