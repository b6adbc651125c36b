// The keeper's village, and what the counter knows of its waiting redemptions.
import { line } from "@/queue/running";
import { scopeOf, who } from "@/session/store";
import { computed } from "vue";

/** The village whose shop this person keeps, 12 digits. */
export const shopVillage = computed(() => (who.person ? scopeOf(who.person, "keeper") : null) ?? "");

/** Redemptions on this phone that the server has not taken. */
export const unsent = computed(() => line.entries.filter((entry) => entry.kind === "redemption" && entry.state !== "sent"));
export const refusedHere = computed(() => unsent.value.filter((entry) => entry.state === "refused"));
