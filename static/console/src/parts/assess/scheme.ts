// The scheme of a cycle as the screens use it: what is entered, within which bounds, and what its parts are called.
import { api, ask } from "../../api/client";

export interface Indicator {
  code: string; title: string; entry: boolean; repeatable: boolean; min: string | null; max: string | null; categories: string[];
  kinds: { code: string; title: string }[]; direction: string; basis: string; assessor: string; evidence: string; raters?: string;
}
export interface Scheme {
  title: string;
  indicators: Indicator[];
  raters: { code: string; title: string }[];
  process: { workflow?: { role: string; title: string }[]; overseer?: string };
  gradings: { grades: Record<string, string> }[];
  flags: { code: string; title: string }[];
}

export async function schemeOf(pack: string): Promise<Scheme> {
  return (await ask(api.GET("/api/v1/assessments/packs/{pack}", { params: { path: { pack } } }) as never)) as Scheme;
}
export const gradeName = (scheme: Scheme | null, code: string | null): string => {
  for (const one of scheme?.gradings ?? []) if (code && one.grades[code]) return one.grades[code];
  return code ?? "";
};
export const flagName = (scheme: Scheme | null, code: string): string => scheme?.flags.find((one) => one.code === code)?.title ?? code;
