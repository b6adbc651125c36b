// Why the ledger changed, in words.
import { month } from "./days";

const CAUSES: Record<string, string> = {
  month: "月度积分", held_line: "异议答复后入账", opening_balance: "期初结转", base_points: "年度基础分", correction: "申诉后重记", reversal: "冲正",
  reservation: "预约东西", release: "取消预约", redemption: "兑换东西", reserved_redemption: "取走预约的东西", return: "退货", transfer_out: "转出",
  transfer_in: "转入", expiry: "到期", forfeit: "收回",
};

/** A ledger entry's cause; a month by its name. */
export const causeOf = (entry: { cause: string; refs?: Record<string, unknown> }, of?: string | null): string => {
  const named = of ?? (entry.refs?.month as string | undefined);
  return entry.cause === "month" && named ? `${month(named)}积分` : (CAUSES[entry.cause] ?? entry.cause);
};
