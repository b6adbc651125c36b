// What one can open from one's own page, by desk.
import type { IconName } from "@/components/icons";
import { more } from "@/public/more";
import type { Desk } from "@/session/store";

interface Link {
  title: string;
  text: string;
  icon: IconName;
  tone: "g" | "o" | "";
  url: string;
}
const INBOX: Link = { title: "消息", text: "村里告诉您的事", icon: "mail", tone: "", url: "/pages/inbox/inbox" };
const MINE: Link[] = [
  { title: "这些分怎么来的", text: "一笔一笔，谁记的、谁评的", icon: "book", tone: "g", url: "/pages/why/why" },
  { title: "我家的记录", text: "记了什么，走到哪一步", icon: "list", tone: "g", url: "/pages/record/records" },
  { title: "我家的户册", text: "册上写了什么，谁看过", icon: "people", tone: "g", url: "/pages/household/file" },
  { title: "预约和兑换", text: "取货码、收据", icon: "basket", tone: "o", url: "/pages/shop/mine" },
];

const SAID: Link = { title: "我提过的", text: "异议、申诉、意见和答复", icon: "hand", tone: "", url: "/pages/me/said" };
const EVENTS: Link = { title: "有事要办", text: "邻里纠纷、路灯不亮、井盖松了", icon: "event", tone: "o", url: "/pages/event/list" };
const NOTICES: Link = { title: "公示", text: "积分怎么加减，谁都可以看", icon: "notice", tone: "g", url: "/pages/notice/list" };
const COVERAGE: Link = { title: "每户每月走访一次", text: "这个月走到了哪些户", icon: "walk", tone: "g", url: "/pages/visit/coverage" };

const OF_DESK: Partial<Record<Desk, Link[]>> = {
  villager: [...MINE, EVENTS, SAID],
  worker: [COVERAGE, NOTICES, SAID],
  leader: [COVERAGE, NOTICES, SAID],
  committee: [EVENTS, COVERAGE],
};

/** A township officer has no desk of the net, but events come up to the township too. */
const OF_ROLE: Record<string, Link[]> = { township_officer: [EVENTS] };

export const linksOf = (desk: Desk | null, roles: string[]): Link[] =>
  [INBOX, ...((desk && OF_DESK[desk]) ?? []), ...(desk === "onlooker" ? roles.flatMap((role) => OF_ROLE[role] ?? []) : []), ...more];
