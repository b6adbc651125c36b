// What each of the demo's people can try.
import type { IconName } from "@/components/icons";

interface Try {
  role: string;
  hint: string;
  icon: IconName;
  tone: "g" | "o" | "";
}
const of = (role: string, hint: string, icon: IconName, tone: "g" | "o" | ""): Try => ({ role, hint, icon, tone });

export const TRY: Record<string, Try> = {
  villager: of("村民", "看分怎么来的，出一个取货码", "home", "g"),
  grid_worker: of("网格员", "关掉网络，扫门牌记一笔", "walk", "g"),
  grid_leader: of("网格长", "报送一周的记录", "list", "g"),
  chief_grid_leader: of("总网格长", "看全村的记录", "list", "g"),
  panel_member: of("评议小组", "评几条新记录", "stack", "g"),
  committee_head: of("村委会主任", "表决、公示、答复异议", "vote", "o"),
  committee_member: of("村委会委员", "表决，答复异议", "vote", "o"),
  keeper: of("超市管理员", "给一户发货，盘一次库", "shop", "o"),
  supervisor: of("村务监督", "看账，不改账", "shield", ""),
  township_officer: of("镇里", "看各村", "office", ""),
  county_officer: of("县里", "看各镇", "office", ""),
  auditor: of("审计", "看谁做了什么", "shield", ""),
  admin: of("系统管理", "在电脑上用", "office", ""),
};
