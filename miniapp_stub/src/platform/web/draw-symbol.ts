// The QR writer, in a file of ours for the same reason as the reader.
import qrcode from "qrcode-generator";

/** Which modules of the symbol of `text` are dark, by row and column. */
export function modulesOf(text: string): { size: number; dark: (row: number, column: number) => boolean } {
  const symbol = qrcode(0, "M");
  symbol.addData(text);
  symbol.make();
  return { size: symbol.getModuleCount(), dark: (row, column) => symbol.isDark(row, column) };
}
