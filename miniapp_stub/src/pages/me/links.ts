// What everybody can open from their own page.
import type { IconName } from "@/components/icons";
import { more } from "@/public/more";

interface Link {
  title: string;
  text: string;
  icon: IconName;
  tone: "g" | "o" | "";
  url: string;
}

export const links: Link[] = [...more];
