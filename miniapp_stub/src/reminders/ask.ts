// What WeChat's question came to: which kinds of messages the person said yes to. Pure but for the asking itself.

export interface Offer {
  kind: string;
  title: string;
  template: string;
  remaining: number;
}
export interface Said {
  kind: string;
  answer: "yes" | "no";
}

/** WeChat asks for at most three templates at once. */
export const AT_ONCE = 3;

/** What to ask for with one tap: those that nothing is agreed to yet, else the ones with the least left. */
export const together = (offers: Offer[]): Offer[] =>
  [...offers].sort((a, b) => a.remaining - b.remaining).slice(0, AT_ONCE);

/** The yeses in WeChat's answer (template → accept, reject, ban, filter). A refusal here is for this question only: what
 * was agreed to before stays, until the person takes it back on our own screen. */
export const accepted = (offers: Offer[], answer: Record<string, unknown>): Said[] =>
  offers.filter((one) => answer[one.template] === "accept").map((one) => ({ kind: one.kind, answer: "yes" }));

/** WeChat's reasons for not asking at all, in words; its codes are documented with `wx.requestSubscribeMessage`. */
export function refusal(errCode: number | undefined): string {
  if (errCode === 20004) return "微信里把这个小程序的订阅消息关掉了。请在微信右上角“…→设置→订阅消息”里打开。";
  if (errCode === 20005) return "这个小程序现在不能发订阅消息，请告诉管理员。消息都在“消息”里，一条不少。";
  if (errCode === 20001 || errCode === 20002 || errCode === 20003) return "提醒的模板没有设好，请告诉管理员。";
  return "微信没有问成，请再点一次。";
}

/** Whether this is the mini-program: only there WeChat can be asked. */
export function canAsk(): boolean {
  // #ifdef MP-WEIXIN
  return true;
  // #endif
  // #ifndef MP-WEIXIN
  return false;
  // #endif
}

/** Let WeChat ask its user; must be called from a tap. */
export function askWeixin(offers: Offer[]): Promise<Said[]> {
  return new Promise((resolve, reject) => {
    uni.requestSubscribeMessage({
      tmplIds: offers.map((one) => one.template),
      success: (answer) => resolve(accepted(offers, answer as unknown as Record<string, unknown>)),
      fail: (error: { errCode?: number }) => reject(new Error(refusal(error.errCode))),
    });
  });
}
