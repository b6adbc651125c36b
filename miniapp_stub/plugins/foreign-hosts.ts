// No page may ask a foreign host for anything. Two libraries' style sheets would: uni-app's web components name one
// image, wot-design-uni an icon font. Both are taken out of every style sheet; nothing of ours uses them. uni-app's web
// runtime also knows two addresses of its vendor's advertisements, which nothing here calls: they go too.
import type { Plugin } from "vite";

const FOREIGN_FONT = /@font-face\s*\{[^}]*url\((?:["']?)(?:https?:)?\/\/[^}]*\}/g;
const FOREIGN_URL = /url\((["']?)(?:https?:)?\/\/[^)]*\1\)/g;

/** A style sheet without addresses of other hosts. */
export function withoutForeign(css: string): string {
  return css.replace(FOREIGN_FONT, "").replace(FOREIGN_URL, "none");
}

const ADVERTISEMENTS = /(["'])https:\/\/ha[sc]1\.dcloud\.net\.cn\/[^"']*\1/g;

/** A module without its vendor's addresses for advertisements. */
export const withoutAdvertisements = (code: string): string => code.replace(ADVERTISEMENTS, '""');

export function withoutForeignHosts(): Plugin {
  return {
    name: "without-foreign-hosts",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "asset" && /\.(css|wxss)$/.test(file.fileName)) {
          file.source = withoutForeign(file.source.toString());
        } else if (file.type === "chunk") file.code = withoutAdvertisements(file.code);
      }
    },
  };
}
