// Which tabs each desk has at the foot of the screen.
import type { Desk } from "@/session/store";
import type { IconName } from "./icons";

export interface Tab {
  name: TabName;
  label: string;
  icon: IconName;
  url: string;
}
export type TabName = "home" | "notice" | "shop" | "me" | "records" | "counter" | "stock" | "events";

const tab = (name: TabName, label: string, icon: IconName, url: string): Tab => ({ name, label, icon, url });
const home = (label: string, icon: IconName) => tab("home", label, icon, "/pages/home/home");
const notice = tab("notice", "公示", "notice", "/pages/notice/list");
const me = tab("me", "我的", "me", "/pages/me/me");
const events = tab("events", "事件", "event", "/pages/event/list");
const records = (label: string) => tab("records", label, "list", "/pages/record/records");

const TABS: Record<Desk, Tab[]> = {
  villager: [home("首页", "home"), notice, tab("shop", "超市", "shop", "/pages/shop/shop"), me],
  worker: [home("今天", "walk"), records("记录"), events, me],
  leader: [home("今天", "walk"), records("记录"), events, me],
  panel: [home("评议", "stack"), records("记录"), notice, me],
  committee: [home("今天", "vote"), records("记录"), notice, me],
  keeper: [home("柜台", "shop"), tab("stock", "库存", "box", "/pages/keeper/stock"), notice, me],
  onlooker: [home("首页", "home"), notice, me],
};

export const tabsOf = (desk: Desk | null): Tab[] => (desk ? TABS[desk] : []);
