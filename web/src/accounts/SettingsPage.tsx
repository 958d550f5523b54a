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
import { GuestSignOutDialog } from "./GuestSignOutDialog";
import { KeepWork } from "./KeepWork";
import { nameOf, useMe } from "./MeProvider";
import { PasswordCard } from "./PasswordCard";

const THEMES = [
  {
    value: "system",
    label: (
      <>
        <Monitor /> System
      </>
    ),
  },
  {
    value: "light",
    label: (
      <>
        <Sun /> Light
      </>
    ),
  },
  {
    value: "dark",
    label: (
      <>
        <Moon /> Dark
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
        title="Settings"
        action={
          <Button variant="secondary" onClick={leave}>
            <LogOut /> Sign out
          </Button>
        }
      />
      <div className="max-w-2xl space-y-6">
        <KeepWork />
        <Card aria-label="Profile">
          <CardTitle className="mb-4">Profile</CardTitle>
          <dl className="grid grid-cols-[7rem_1fr] gap-y-2 text-sm [&_dt]:text-muted-foreground">
            <dt>Name</dt>
            <dd>{nameOf(me)}</dd>
            <dt>E-mail</dt>
            <dd className="break-all">{me.email ?? "None: you are a guest"}</dd>
            <dt>Organisation</dt>
            <dd>{me.tenant.name}</dd>
            <dt>Time zone</dt>
            <dd>{timeZoneNote() ?? `${ownTimeZone()}, from this device`}</dd>
            <dt>Devices</dt>
            <dd>
              <Link to="/devices" className="text-accent-text underline-offset-4 hover:underline">
                Where you are signed in
              </Link>
            </dd>
          </dl>
        </Card>
        <Card aria-label="Look">
          <CardTitle className="mb-4">Theme</CardTitle>
          <Segmented label="Theme" value={choice} options={THEMES} onChange={chooseTheme} />
        </Card>
        {!me.isAnonymous && <PasswordCard />}
      </div>
      <GuestSignOutDialog open={asking} onOpenChange={setAsking} />
    </>
  );
}
