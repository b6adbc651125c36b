// Photos taken on this phone: made small, kept until the server has them. On the web as blobs in IndexedDB, in the
// mini-program as saved files; which of the two is chosen when the program is built.
import type { Photos } from "./photo-rules";
// #ifdef H5
import { webPhotos } from "./web/photos";
// #endif
// #ifdef MP-WEIXIN
import { weixinPhotos } from "./weixin/photos";
// #endif

let chosen: Photos | null = null;
// #ifdef H5
chosen = webPhotos;
// #endif
// #ifdef MP-WEIXIN
chosen = weixinPhotos;
// #endif
export const photos = chosen as unknown as Photos;
