// What a column of a table is, and the usual kinds of it.
import { h, type VNodeChild } from "vue";

import { state } from "../words/names";
import { hundredths, points, signed, tone } from "../words/points";

/** `value` is what is filtered, sorted and exported; `show` what is drawn. */
export interface Column<Row> {
  key: string;
  title: string;
  width: number;
  grow?: number;
  align?: "left" | "right" | "center";
  hidden?: boolean;
  facet?: boolean;
  value: (row: Row) => string | number | null;
  sort?: (row: Row) => string | number | null;
  show?: (row: Row) => VNodeChild;
}

type Rest<Row> = Partial<Omit<Column<Row>, "key" | "title" | "value">>;

export function words<Row>(key: string, title: string, value: (row: Row) => string | number | null, rest: Rest<Row> = {}): Column<Row> {
  return { key, title, width: 110, value, ...rest };
}

export function count<Row>(key: string, title: string, value: (row: Row) => number, rest: Rest<Row> = {}): Column<Row> {
  return { key, title, width: 80, align: "right", value, show: (row) => h("span", { class: value(row) ? "" : "m2" }, value(row) ? String(value(row)) : "—"), ...rest };
}

/** A change of points, with its sign and colour; exported as a number of two decimals. */
export function change<Row>(key: string, title: string, text: (row: Row) => string, rest: Rest<Row> = {}): Column<Row> {
  const amount = (row: Row) => hundredths(text(row));
  return {
    key, title, width: 96, align: "right", value: (row) => amount(row) / 100, sort: amount,
    show: (row) => h("span", { class: tone(amount(row)) }, amount(row) ? signed(amount(row)) : "—"), ...rest,
  };
}

export function amount<Row>(key: string, title: string, text: (row: Row) => string | null | undefined, rest: Rest<Row> = {}): Column<Row> {
  return {
    key, title, width: 96, align: "right", value: (row) => hundredths(text(row)) / 100, sort: (row) => hundredths(text(row)),
    show: (row) => h("span", text(row) ? points(text(row)) : "—"), ...rest,
  };
}

export function tagged<Row>(key: string, title: string, table: Record<string, [string, string]>, of: (row: Row) => string, rest: Rest<Row> = {}): Column<Row> {
  return {
    key, title, width: 104, facet: true, value: (row) => state(table as never, of(row))[0],
    show: (row) => h("span", { class: ["tag", state(table as never, of(row))[1]] }, state(table as never, of(row))[0]), ...rest,
  };
}
