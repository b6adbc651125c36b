// Questions to the person before something is done: in words, with what will be lost or needs a reason.
import { ElMessageBox } from "element-plus";

export async function sure(text: string, doIt: string, title = "请确认"): Promise<boolean> {
  return ElMessageBox.confirm(text, title, { confirmButtonText: doIt, cancelButtonText: "先不", autofocus: false }).then(
    () => true,
    () => false,
  );
}

/** A reason of one line or more, or null when the person thinks better of it. */
export async function reason(text: string, doIt: string, title: string, needed = true): Promise<string | null> {
  return ElMessageBox.prompt(text, title, {
    confirmButtonText: doIt,
    cancelButtonText: "先不",
    inputType: "textarea",
    inputValidator: (value) => (!needed || value?.trim() ? true : "请写明理由，当事人会看到。"),
  }).then(
    ({ value }) => value?.trim() ?? "",
    () => null,
  );
}
