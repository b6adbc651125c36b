// Photos in the mini-program: WeChat makes them small and saves them as files of this program.
import { ask } from "@/api/calls";
import { NoSignal } from "@/api/problem";
import { server } from "@/api/transport";
import { stored } from "@/session/store";
import type { Outcome } from "@/queue/sender";
import { newId } from "../ids";
import { kept } from "../kept";
import { GONE, QUALITY, type Photos } from "../photo-rules";

const key = (id: string) => `jifen.photo.${id}`;

function chosen(count: number, from?: "camera" | "album"): Promise<string[]> {
  const sourceType = from ? [from] : ["camera", "album"];
  return new Promise((resolve) => {
    uni.chooseImage({
      count,
      sizeType: ["compressed"],
      sourceType: sourceType as UniApp.ChooseImageOptions["sourceType"],
      success: (result) => resolve([...(result.tempFilePaths as string[])]),
      fail: () => resolve([]),
    });
  });
}

function compressed(path: string): Promise<string> {
  return new Promise((resolve) => {
    uni.compressImage({ src: path, quality: QUALITY * 100, success: (result) => resolve(result.tempFilePath), fail: () => resolve(path) });
  });
}

function saved(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const full = () => reject(new Error("手机里的存储满了，照片没有存下。请先送出等着的记录。"));
    uni.saveFile({ tempFilePath: path, success: (result) => resolve(result.savedFilePath), fail: full });
  });
}

function post(id: string, path: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    uni.uploadFile({
      url: `${server()}/api/v1/photos`,
      filePath: path,
      name: "file",
      formData: { id },
      header: { Authorization: `Bearer ${stored()?.access_token ?? ""}` },
      success: (result) => {
        const problem = result.statusCode < 300 ? undefined : (JSON.parse(result.data || "{}") as Outcome["problem"]);
        resolve({ id, status: result.statusCode, problem });
      },
      fail: (said) => (/no such file/i.test(said.errMsg ?? "") ? resolve({ id, ...GONE }) : reject(new NoSignal())),
    });
  });
}

export const weixinPhotos: Photos = {
  async take(count, from) {
    const ids: string[] = [];
    for (const path of await chosen(count, from)) {
      const id = newId();
      kept.set(key(id), await saved(await compressed(path)));
      ids.push(id);
    }
    return ids;
  },
  show: (id) => Promise.resolve(kept.get(key(id))),
  async upload(id) {
    const path = kept.get(key(id));
    if (!path) return { id, ...GONE };
    const first = await post(id, path);
    if (first.status !== 401) return first;
    await ask({ method: "GET", path: "/me" }); // renews the tokens
    return post(id, path);
  },
  remove(id) {
    const path = kept.get(key(id));
    kept.remove(key(id));
    if (path) uni.removeSavedFile({ filePath: path });
    return Promise.resolve();
  },
};
