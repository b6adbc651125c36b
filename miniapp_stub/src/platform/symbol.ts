// Draws a QR symbol as a picture that `image` can show on every platform.

/** A data address of the symbol of `text`, with its quiet zone. */
export async function symbolOf(text: string): Promise<string> {
  const { modulesOf } = await import("./web/draw-symbol");
  const { size, dark } = modulesOf(text);
  let path = "";
  for (let row = 0; row < size; row += 1) for (let column = 0; column < size; column += 1) if (dark(row, column)) path += `M${column} ${row}h1v1h-1z`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3 -3 ${size + 6} ${size + 6}" shape-rendering="crispEdges"><path fill="#fff" d="M-3-3h${size + 6}v${size + 6}h-${size + 6}z"/><path fill="#1F2A24" d="${path}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
