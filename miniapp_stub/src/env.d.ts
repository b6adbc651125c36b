/// <reference types="vite/client" />
interface ImportMetaEnv {
  /** Where the API is, for the mini-program: `https://points.example.cn`. The web page asks its own host. */
  readonly VITE_SERVER?: string;
}
declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent<Record<string, unknown>, Record<string, unknown>, unknown>;
  export default component;
}
