// Problem details as sentences. The server's `detail` is Chinese already; here is what it cannot know.
import { ElMessage } from "element-plus";
import "element-plus/es/components/message/style/css";

interface Told {
  detail?: string;
  code?: string;
  errors?: { field: string; message: string }[];
}

const BY_STATUS: Record<number, string> = {
  401: "登录已过期，请重新登录。",
  403: "这件事要别的角色来办。",
  404: "没有找到。也许已被撤下，或者不在您的范围里。",
  413: "文件太大，请分开上传。",
  429: "太频繁了，请过一会儿再试。",
  503: "服务器正忙或磁盘已满，请稍后再试。",
};

export class Problem extends Error {
  readonly code: string;
  readonly faults: { field: string; message: string }[];
  constructor(
    told: Told,
    readonly status: number,
  ) {
    const said = [told.detail ?? BY_STATUS[status] ?? `没有成功（${status}），请再试一次。`];
    for (const fault of told.errors ?? []) if (!said.includes(fault.message)) said.push(fault.message);
    super(said.join(" "));
    this.code = told.code ?? "";
    this.faults = told.errors ?? [];
  }
}

export function problemOf(error: unknown, status: number): Problem {
  return new Problem(typeof error === "object" && error ? (error as Told) : {}, status);
}

export function say(text: string): void {
  ElMessage({ message: text, type: "success", duration: 4000, grouping: true });
}

export function complain(error: unknown): void {
  if (!(error instanceof Problem)) console.error(error);
  const text = error instanceof Problem ? error.message : "页面出了错，请刷新后再试。";
  ElMessage({ message: text, type: "error", duration: 8000, showClose: true, grouping: true });
}
