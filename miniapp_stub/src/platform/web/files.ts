// Files that the person chooses or takes with the camera.

/** Up to `count` pictures; none when cancelled. */
export function chosenFiles(count: number, from?: "camera" | "album"): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = "image/*";
    input.multiple = count > 1;
    if (from === "camera") input.setAttribute("capture", "environment");
    input.style.display = "none";
    input.addEventListener("change", () => {
      resolve([...(input.files ?? [])].slice(0, count));
      input.remove();
    });
    input.addEventListener("cancel", () => {
      resolve([]);
      input.remove();
    });
    document.body.append(input);
    input.click();
  });
}
