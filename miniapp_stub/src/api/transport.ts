// One request to the API over `uni.request`, the same in the web page and in the mini-program. Knows nothing of who is
// signed in and keeps nothing.
import { heard } from "@/platform/time";
import { NoSignal } from "./problem";

export interface Reply {
  status: number;
  body: unknown;
  etag: string | null;
}

export interface Asked {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The API's address; the web page asks the host it came from. */
export const server = (): string => import.meta.env.VITE_SERVER ?? "";
const TIMEOUT = 20_000;

/** A header's value whatever its case: browsers give small letters, the mini-program what was sent. */
function header(headers: Record<string, string> | undefined, name: string): string | undefined {
  const key = Object.keys(headers ?? {}).find((one) => one.toLowerCase() === name);
  return key ? headers?.[key] : undefined;
}

/** Ask, and give the answer whatever its status; NoSignal when none comes. */
export function send(asked: Asked): Promise<Reply> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: `${server()}/api/v1${asked.path}`,
      method: asked.method as UniApp.RequestOptions["method"],
      data: asked.body as UniApp.RequestOptions["data"],
      header: { "Content-Type": "application/json", ...asked.headers },
      timeout: TIMEOUT,
      success(result) {
        const headers = result.header as Record<string, string>;
        heard(header(headers, "jifen-now"));
        resolve({ status: result.statusCode, body: result.data, etag: header(headers, "etag") ?? null });
      },
      fail: () => reject(new NoSignal()),
    });
  });
}
