// A photo that the server shows only to who may see what it belongs to: fetched with the sign-in, given as an address.
import { server } from "@/api/transport";
import { stored } from "@/session/store";

const got = new Map<string, string>();

/** An address that an `image` can show; the same for the same photo while the page is open. */
export async function fetchPhoto(id: string, path = `/photos/${id}`): Promise<string> {
  const known = got.get(path);
  if (known) return known;
  const made = await download(`${server()}/api/v1${path}?size=small`);
  got.set(path, made);
  return made;
}

function download(url: string): Promise<string> {
  const header = { Authorization: `Bearer ${stored()?.access_token ?? ""}` };
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url,
      header,
      success: (result) => (result.statusCode === 200 ? resolve(result.tempFilePath) : reject(new Error("照片没有取到。"))),
      fail: () => reject(new Error("照片没有取到。")),
    });
  });
}
