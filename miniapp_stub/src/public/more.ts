// The public pages beside the notice board.
import type { IconName } from "@/components/icons";

interface Link {
  title: string;
  text: string;
  icon: IconName;
  tone: "g" | "o" | "";
  url: string;
}

export const more: Link[] = [
  { title: "积分细则", text: "哪些事加分、哪些事减分，各几分", icon: "book", tone: "g", url: "/pages/public/rulebook" },
  { title: "捐物账", text: "谁捐了什么，买了什么，还剩多少", icon: "gift", tone: "o", url: "/pages/public/donations" },
  { title: "名次", text: "村里定的能看多少就看多少", icon: "rank", tone: "", url: "/pages/public/ranking" },
];
