import { useState } from "react";
import { t } from "@/messages/translate";
import type { RoomState } from "./types";

type People = RoomState["people"];

/** Who came and who went last, for screen readers. */
export function useArrivals(people: People, ownId: number): string {
  const [before, setBefore] = useState(people);
  const [said, setSaid] = useState("");
  if (before !== people) {
    setBefore(people);
    const without = (all: People, others: People) =>
      all.filter(({ userId }) => userId !== ownId && !others.some((other) => other.userId === userId));
    const news = [
      ...without(people, before).map(({ name }) => t("room.cameIn", { name })),
      ...without(before, people).map(({ name }) => t("room.wentOut", { name })),
    ];
    if (news.length > 0) setSaid(news.join(" "));
  }
  return said;
}
