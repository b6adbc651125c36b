// What the process of an assessment is called on the screen.
type Shown = [text: string, tone: "" | "g" | "o" | "d"];

export const RESULT_OBJECTIONS: Record<string, Shown> = { open: ["等答复", "o"], escalated: ["已提请监督", "d"], upheld: ["成立", "g"], dismissed: ["不成立", ""] };
export const PROPOSALS: Record<string, Shown> = { proposed: ["等决定", "o"], approved: ["已采纳", "g"], declined: ["未采纳", ""], lapsed: ["已失效", ""] };
export const RECTIFICATIONS: Record<string, Shown> = { issued: ["整改中", "o"], overdue: ["过期未报", "d"], reported: ["等核查", "o"], closed: ["已销号", "g"] };
export const REPORTS: Record<string, Shown> = { received: ["已收到", "o"], checking: ["核查中", "o"], confirmed: ["属实", "d"], unfounded: ["不属实", ""] };
export const TASKS: Record<string, Shown> = { open: ["进行中", "o"], done: ["完成", "g"], missed: ["没完成", "d"], dropped: ["取消", ""] };
export const PAIRINGS: Record<string, Shown> = { active: ["带着", "o"], met: ["达到目标", "g"], ended: ["已结束", ""] };
export const APPRAISALS: Record<string, Shown> = { open: ["收票中", "o"], closed: ["已计票", "g"] };
export const VERDICTS: Record<string, string> = { stated: "已自评", agreed: "同意", returned: "退回", confirmed: "确认" };
/** What may be said on each subject in a step; the server holds it. */
export const SAYING: Record<string, string[]> = {
  self_assessment: ["stated"], review: ["agreed", "returned"], meeting_vote: ["agreed", "returned"], notice: ["confirmed"], check: ["agreed", "returned"], rectification: ["agreed", "returned"],
};
export const OVERSEER = "overseer";
