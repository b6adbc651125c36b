// The rows of a table as an Excel file, as they stand filtered and sorted. Loaded when somebody asks for it.
import writeXlsxFile, { type SheetData } from "write-excel-file/browser";

import { save } from "../api/client";
import type { Column } from "./columns";

export async function excel<Row>(name: string, columns: Column<Row>[], rows: Row[]): Promise<void> {
  const head = columns.map((column) => ({ value: column.title, fontWeight: "bold" as const }));
  const lines = rows.map((row) =>
    columns.map((column) => {
      const value = column.value(row);
      if (typeof value === "number") return { value, type: Number, format: Number.isInteger(value) && column.align !== "right" ? "0" : "0.##" };
      return { value: value ?? "", type: String }; // text stays text, whatever it begins with
    }),
  );
  save(await writeXlsxFile([head, ...lines] as SheetData, { sheet: name.slice(0, 30) }).toBlob(), `${name}.xlsx`);
}
