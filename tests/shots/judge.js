// What a person would stumble over on one screen: text beside the screen or cut off, targets too small for a thumb, text
// too pale. Gives one line for each. Widths in CSS pixels; contrast as WCAG 2.1 computes it, AA.
() => {
  const found = new Set();
  const wide = document.documentElement.clientWidth;
  const words = (element) => (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 24);
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const box = (element) => element.getBoundingClientRect();

  if (document.documentElement.scrollWidth > wide) found.add(`the page is ${document.documentElement.scrollWidth} px wide`);

  const TARGETS = ".tap, .wd-button, button, a[href], input, textarea, select, [role=button], [role=link]";
  for (const target of document.querySelectorAll(TARGETS)) {
    if (!seen(target) || target.type === "file" || target.disabled) continue;
    if (target.parentElement?.closest(".tap, .wd-button, button")) continue; // a part of the target around it
    const { width, height } = box(target.matches("input, textarea") ? (target.closest("label, .field-box, uni-input, uni-textarea") ?? target) : target);
    if (width && height && (width < 43.5 || height < 43.5)) found.add(`target ${Math.round(width)}×${Math.round(height)}: ${words(target)}`);
  }

  const colour = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => {
    const mix = (name) => top[name] * top.a + under[name] * (1 - top.a);
    return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
  };
  const light = ({ r, g, b }) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  /** The colours of a text and of what is behind it; null over a picture. */
  const painted = (element) => {
    const behind = [];
    let faded = 1;
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      faded *= Number(style.opacity);
      if (/url\(/.test(style.backgroundImage)) return null;
      behind.push(colour(style.backgroundColor));
      if (behind.at(-1).a === 1) break;
    }
    const under = behind.reverse().reduce((paper, layer) => over(layer, paper), { r: 255, g: 255, b: 255, a: 1 });
    const ink = colour(getComputedStyle(element).color);
    return { ink: over({ ...ink, a: ink.a * faded }, under), under };
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || !element || element.closest("script, style, noscript") || !seen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const lines = [...range.getClientRects()].filter((one) => one.width > 0 && one.height > 0);
    if (!lines.length) continue;
    const said = text.data.trim().slice(0, 24);
    // a font's own height may be more than that of its line: only ink that is cut counts
    const loose = (line) => Math.max(3, (line.height - parseFloat(getComputedStyle(element).fontSize)) / 2);
    const rolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX + getComputedStyle(one).overflowY) && one !== document.body && one !== document.documentElement;
    let rolled = false;
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (rolls(one)) rolled = true;
      const cuts = /hidden|clip/.test(style.overflowX) || /hidden|clip/.test(style.overflowY);
      const holds = one.matches(".tap, .wd-button, .tag, .plate, .card, .chip");
      if (rolled || !(cuts || holds) || one === document.body || one === document.documentElement) continue;
      if (one.matches(".cut")) break; // a preview of two lines; a tap opens the whole
      const edge = box(one);
      if (!edge.width || !edge.height) continue;
      if (lines.some((line) => line.right > edge.right + 1.5 || line.left < edge.left - 1.5 || line.bottom > edge.bottom + loose(line) || line.top < edge.top - loose(line))) {
        found.add(`cut off: ${said} (in .${[...one.classList].join(".")})`);
        break;
      }
    }
    if (!rolled && lines.some((line) => line.right > wide + 1 || line.left < -1)) found.add(`beside the screen: ${said}`);

    const paint = painted(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < 11.5) found.add(`${size} px small: ${said}`);
    if (!paint) continue;
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600) ? 3 : 4.5;
    const ratio = contrast(paint.ink, paint.under);
    if (ratio < needed - 0.01) found.add(`contrast ${ratio.toFixed(2)} (${needed} needed): ${said}`);
  }
  return [...found];
}
