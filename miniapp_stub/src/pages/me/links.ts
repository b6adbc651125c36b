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
  { title: "预约和兑换", text: "取货码、收据", icon: "basket", tone: "o", url: "/pages/shop/mine" },
];

export const linksOf = (desk: Desk | null): Link[] => [INBOX, ...(desk === "villager" ? MINE : []), ...more];
