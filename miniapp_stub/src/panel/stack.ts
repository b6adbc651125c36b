// Which records wait for a panel member, which of them are simple, and from which one steps aside. Plain.
import type { components } from "@/api/schema";
import { hundredths } from "@/words/points";

export type Record_ = components["schemas"]["ConductRecordAnswer"];
export type Story = components["schemas"]["ConductRecordStory"];

export interface Me {
  person: string;
  household: string | null;
}

/** Why the member steps aside, as far as the record shows it; relatives are known to the server only. */
export function aside(record: Record_, me: Me): string {
  if (record.logged_by === me.person) return "这条是您记的";
  return record.household === me.household ? "这是您自家的" : "";
}

/** Still open to the household's reply, which comes before the panel's verdict. */
export const listens = (record: Record_, now: number): boolean =>
  record.kind !== "positive" && record.reply_until !== null && Date.parse(record.reply_until) > now;

export const forMeeting = (record: Record_): boolean => record.to_meeting || record.kind === "veto";

export interface Stack {
  waiting: Record_[];
  aside: { record: Record_; why: string }[];
  listening: Record_[];
  meeting: Record_[];
}

/** The records under review, sorted for one member; `done` are those reviewed, `refused` why the server said no. */
export function sorted(records: Record_[], me: Me, now: number, done: Set<string>, refused: Record<string, string>): Stack {
  const stack: Stack = { waiting: [], aside: [], listening: [], meeting: [] };
  for (const record of [...records].sort((a, b) => a.logged_at.localeCompare(b.logged_at))) {
    const why = aside(record, me) || refused[record.id] || "";
    if (why) stack.aside.push({ record, why });
    else if (forMeeting(record)) stack.meeting.push(record);
    else if (listens(record, now)) stack.listening.push(record);
    else if (!done.has(record.id)) stack.waiting.push(record);
  }
  return stack;
}

const SMALL = 500;

/** Small, seen on the spot and in its first round: such may be agreed to together, each still ticked by itself. */
export const simple = (record: Record_): boolean =>
  record.kind === "positive" && record.source === "scan" && record.round === 1 && hundredths(record.points) <= SMALL;

/** What the round has so far, in words: "何素琴同意。再有 1 人同意就定了". */
export function soFar(story: Story, quorum: number): { said: string; rest: string } {
  const votes = story.reviews.filter((one) => one.round === story.round);
  const word = (verdict: string, points: string | null) => (verdict === "approve" ? "同意" : verdict === "reject" ? "不同意" : `想改成 ${points}`);
  const said = votes.map((one) => `${one.reviewer_name}${word(one.verdict, one.points)}`).join("，");
  const missing = quorum - votes.length;
  const same = votes.every((one) => one.verdict === "approve");
  const rest = missing <= 0 ? "意见不一，再听一位" : votes.length && same ? `再有 ${missing} 人同意就定了` : `还要 ${missing} 人评`;
  return { said: said ? `${said}。` : "还没有人评。", rest };
}
