// What went wrong, in words for the person who holds the phone.

export interface ProblemBody {
  code?: string;
  detail?: string;
  title?: string;
  errors?: { field: string; message: string }[];
}

/** A refusal by the server. `message` is Chinese and says what to do. */
export class Problem extends Error {
  readonly code: string;
  readonly faults: { field: string; message: string }[];
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(wordsOf(status, body));
    this.code = body.code ?? "";
    this.faults = body.errors ?? [];
  }
}

/** The network gave no answer: no signal, or the server cannot be reached. */
export class NoSignal extends Error {
  constructor() {
    super("现在没有信号，连不上服务器。");
  }
}

/** What a refusal says: its detail and what its fields add; one fault is often the detail itself. */
export function wordsOf(status: number, body: ProblemBody): string {
  const parts = [body.detail, ...(body.errors ?? []).map((fault) => fault.message)].filter(Boolean) as string[];
  if (parts.length) return [...new Set(parts)].join(" ");
  if (status === 429) return "点得太快了，请过一会儿再试。";
  if (status >= 500) return "服务器出了问题，请过一会儿再试。";
  return `没有成功（${status}），请再试一次。`;
}

/** Any error as a sentence. */
export const sayError = (error: unknown): string => (error instanceof Error ? error.message : String(error));
