import { formatExact, ownTimeZone, timeZoneNote } from "@/lib/time/time";
import { t } from "@/messages/translate";

/** One instant in `zone` and in the viewer's own zone, or in UTC where those are the same. */
export function BothZones({ at, zone = ownTimeZone(), className }: { at: number; zone?: string; className?: string }) {
  const own = ownTimeZone();
  const other = zone === own ? "UTC" : own;
  return (
    <dl aria-label={t("tutoring.bothZones")} className={className}>
      {(zone === other ? [zone] : [zone, other]).map((each) => (
        <div key={each} className="flex flex-wrap gap-x-2 text-sm">
          <dt className="min-w-24 text-muted-foreground">
            {each === own && timeZoneNote() === null ? t("tutoring.yourTime") : each}
          </dt>
          <dd className="figures">
            <time dateTime={new Date(at).toISOString()}>{formatExact(at, each)}</time>
          </dd>
        </div>
      ))}
    </dl>
  );
}
