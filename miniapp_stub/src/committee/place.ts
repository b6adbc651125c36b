// The village on whose committee the person sits.
import { scopeOf, who } from "@/session/store";
import { computed } from "vue";

export const committeeVillage = computed(() => (who.person ? scopeOf(who.person, "committee_head", "committee_member") : null) ?? "");
