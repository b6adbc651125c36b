// The menu: who sees what. An entry that a role may not open is not there.
import type { Act } from "../rights";

export interface Entry {
  route: string;
  text: string;
  icon: string;
  act: Act | null;
  also?: string[];
  badge?: string;
}

export const MENU: { title: string; entries: Entry[] }[] = [
  {
    title: "村务",
    entries: [
      { route: "home", text: "首页", icon: "home", act: null },
      { route: "reviews", text: "评议", icon: "review", act: "records", badge: "reviews" },
      { route: "records", text: "记录", icon: "record", act: "records" },
      { route: "weeks", text: "周报送", icon: "week", act: "reports", badge: "weeks" },
      { route: "tallies", text: "月度研究确定", icon: "tally", act: "tally", also: ["tally"], badge: "tallies" },
      { route: "notices", text: "公示与异议", icon: "notice", act: "notice", also: ["notice"], badge: "objections" },
      { route: "coverage", text: "走访", icon: "walk", act: "coverage", badge: "coverage" },
      { route: "events", text: "事件", icon: "event", act: "events", badge: "events" },
      { route: "complaints", text: "意见箱", icon: "box", act: null, badge: "complaints" },
    ],
  },
  {
    title: "户与规则",
    entries: [
      { route: "households", text: "户", icon: "house", act: "households", also: ["household", "import", "file"] },
      { route: "changes", text: "分户合户", icon: "split", act: "changes", badge: "changes" },
      { route: "grids", text: "网格与门牌", icon: "grid", act: "gridsRead" },
      { route: "rulebook", text: "积分细则", icon: "book", act: null, also: ["draft"] },
    ],
  },
  {
    title: "超市",
    entries: [
      { route: "goods", text: "商品与库存", icon: "goods", act: "shop" },
      { route: "days", text: "兑换日", icon: "day", act: "shop", also: ["day"], badge: "days" },
      { route: "funds", text: "捐赠与资金", icon: "gift", act: "shop" },
    ],
  },
  {
    title: "看全局",
    entries: [
      { route: "figures", text: "图表", icon: "chart", act: "figures" },
      { route: "summaries", text: "季度小结", icon: "file", act: "figures" },
      { route: "honours", text: "年度评比", icon: "shield", act: "honours" },
      { route: "recommendations", text: "推荐名单", icon: "people", act: "recommendRead" },
      { route: "fairness", text: "公平与负担", icon: "scale", act: "burden" },
      { route: "people", text: "人员与角色", icon: "people", act: "people" },
      { route: "settings", text: "设置", icon: "gear", act: "settings" },
      { route: "audit", text: "审计", icon: "audit", act: "audit" },
    ],
  },
];
