// Every page has an address of its own: the village is in it, so that a bookmark opens the same thing again.
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

import { session } from "./api/session";
import { ready, village, villages } from "./places";

const inVillage: RouteRecordRaw[] = [
  { path: "", name: "home", component: () => import("./pages/HomePage.vue"), meta: { title: "首页" } },
  { path: "records", name: "records", component: () => import("./pages/RecordsPage.vue"), meta: { title: "记录" } },
  { path: "reviews", name: "reviews", component: () => import("./pages/ReviewsPage.vue"), meta: { title: "评议" } },
  { path: "weeks", name: "weeks", component: () => import("./pages/WeeksPage.vue"), meta: { title: "周报送" } },
  { path: "tallies", name: "tallies", component: () => import("./pages/TalliesPage.vue"), meta: { title: "月度研究确定" } },
  { path: "tallies/:month", name: "tally", component: () => import("./pages/TallyPage.vue"), meta: { title: "月度研究确定" } },
  { path: "notices", name: "notices", component: () => import("./pages/NoticesPage.vue"), meta: { title: "公示与异议" } },
  { path: "notices/:id", name: "notice", component: () => import("./pages/NoticePage.vue"), meta: { title: "公示" } },
  { path: "households", name: "households", component: () => import("./pages/HouseholdsPage.vue"), meta: { title: "户" } },
  { path: "households/:code(\\d{16})", name: "household", component: () => import("./pages/HouseholdPage.vue"), meta: { title: "户" } },
  { path: "import", name: "import", component: () => import("./pages/ImportPage.vue"), meta: { title: "导入花名册" } },
  { path: "grids", name: "grids", component: () => import("./pages/GridsPage.vue"), meta: { title: "网格与门牌" } },
  { path: "rulebook", name: "rulebook", component: () => import("./pages/RulebookPage.vue"), meta: { title: "积分细则" } },
  { path: "rulebook/draft", name: "draft", component: () => import("./pages/DraftPage.vue"), meta: { title: "细则草稿" } },
  { path: "goods", name: "goods", component: () => import("./pages/GoodsPage.vue"), meta: { title: "商品与库存" } },
  { path: "funds", name: "funds", component: () => import("./pages/FundsPage.vue"), meta: { title: "捐赠与资金" } },
  { path: "days", name: "days", component: () => import("./pages/DaysPage.vue"), meta: { title: "兑换日" } },
  { path: "days/:id", name: "day", component: () => import("./pages/DayPage.vue"), meta: { title: "兑换日" } },
  { path: "figures", name: "figures", component: () => import("./pages/FiguresPage.vue"), meta: { title: "图表" } },
  { path: "summaries", name: "summaries", component: () => import("./pages/SummariesPage.vue"), meta: { title: "季度小结" } },
  { path: "honours", name: "honours", component: () => import("./pages/HonoursPage.vue"), meta: { title: "年度评比" } },
  { path: "recommendations", name: "recommendations", component: () => import("./pages/RecommendationsPage.vue"), meta: { title: "推荐名单" } },
  { path: "coverage", name: "coverage", component: () => import("./pages/CoveragePage.vue"), meta: { title: "走访" } },
  { path: "events", name: "events", component: () => import("./pages/EventsPage.vue"), meta: { title: "事件" } },
  { path: "households/:code(\\d{16})/file", name: "file", component: () => import("./pages/FilePage.vue"), meta: { title: "一户一册" } },
  { path: "changes", name: "changes", component: () => import("./pages/ChangesPage.vue"), meta: { title: "分户合户" } },
  { path: "complaints", name: "complaints", component: () => import("./pages/ComplaintsPage.vue"), meta: { title: "意见箱" } },
  { path: "fairness", name: "fairness", component: () => import("./pages/FairnessPage.vue"), meta: { title: "公平与负担" } },
  { path: "people", name: "people", component: () => import("./pages/PeoplePage.vue"), meta: { title: "人员与角色" } },
  { path: "settings", name: "settings", component: () => import("./pages/SettingsPage.vue"), meta: { title: "设置" } },
  { path: "audit", name: "audit", component: () => import("./pages/AuditPage.vue"), meta: { title: "审计" } },
];

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes: [
    { path: "/signin", name: "signin", component: () => import("./pages/SignInPage.vue"), meta: { open: true, title: "登录" } },
    { path: "/", name: "start", component: () => import("./shell/Shell.vue") },
    { path: "/county", component: () => import("./shell/Shell.vue"), children: [
      { path: "", name: "county", component: () => import("./pages/CountyPage.vue"), meta: { title: "各村" } },
      { path: "summaries", name: "county-summaries", component: () => import("./pages/SummariesPage.vue"), meta: { title: "季度小结" } },
      { path: "assessments", name: "assessments", component: () => import("./pages/AssessmentsPage.vue"), meta: { title: "考核" } },
      { path: "assessments/:id", name: "assessment", component: () => import("./pages/AssessmentPage.vue"), meta: { title: "考核" } },
    ] },
    { path: "/v/:village(\\d{12})", component: () => import("./shell/Shell.vue"), children: inVillage },
    { path: "/:rest(.*)*", name: "lost", component: () => import("./pages/LostPage.vue"), meta: { open: true, title: "没有这一页" } },
  ],
});

const above = () => (session.person?.roles ?? []).some((grant) => /000$/.test(grant.scope));

router.beforeEach(async (to) => {
  if (to.meta.open) return true;
  if (!session.access) return { name: "signin", query: to.fullPath === "/" ? {} : { next: to.fullPath } };
  await ready();
  if (to.name === "start") {
    const first = villages.value[0];
    if (above() && villages.value.length !== 1) return { name: "county", replace: true };
    return first ? { name: "home", params: { village: first.code }, replace: true } : { name: "county", replace: true };
  }
  village.value = (to.params.village as string | undefined) ?? "";
  return true;
});
router.afterEach((to) => {
  document.title = `${(to.meta.title as string | undefined) ?? "积分制"} · 积分制`;
});
