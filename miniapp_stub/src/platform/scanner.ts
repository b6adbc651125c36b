// Reads a QR symbol: the mini-program by WeChat's scanner, the web page by its camera and jsqr, or from a photo.
// #ifdef H5
import { chosenFiles } from "./web/files";
// #endif

/** The text of a symbol in a picture, or null. */
async function textIn(picture: ImageData): Promise<string | null> {
  const { readSymbol } = await import("./web/read-symbol");
  return readSymbol(picture.data, picture.width, picture.height);
}

function pixels(source: CanvasImageSource, width: number, height: number): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("这个浏览器读不了图片。");
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

const LONGEST = 720;
const EVERY_MS = 150;

/** Watch through the camera inside `holder` until a symbol is read; the returned function stops it. */
export function watch(holder: HTMLElement, found: (text: string) => void, failed: (why: Error) => void): () => void {
  let stopped = false;
  let stream: MediaStream | null = null;
  const video = document.createElement("video");
  video.setAttribute("playsinline", "");
  video.muted = true;
  video.style.cssText = "width:100%;height:100%;object-fit:cover;display:block";
  holder.append(video);
  const stop = () => {
    stopped = true;
    stream?.getTracks().forEach((track) => track.stop());
    video.remove();
  };
  const look = async (): Promise<void> => {
    if (stopped) return;
    if (video.readyState >= 2 && video.videoWidth) {
      const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
      const text = await textIn(pixels(video, Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)));
      if (text && !stopped) {
        stop();
        found(text);
        return;
      }
    }
    setTimeout(() => void look().catch(failed), EVERY_MS);
  };
  const begin = async (): Promise<void> => {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("这个页面用不了相机。请拍一张照片，或输入门牌号。");
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false }).catch(() => {
      throw new Error("相机没有打开。请允许使用相机，或拍一张照片、输入门牌号。");
    });
    if (stopped) return stop();
    video.srcObject = stream;
    await video.play();
    await look();
  };
  begin().catch(failed);
  return stop;
}

/** Read a symbol from a photo that the person takes or chooses; null when cancelled. */
export async function fromPhoto(): Promise<string | null> {
  // #ifdef H5
  const [file] = await chosenFiles(1);
  if (!file) return null;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 1200 / Math.max(picture.width, picture.height));
  const text = await textIn(pixels(picture, Math.round(picture.width * scale), Math.round(picture.height * scale)));
  if (!text) throw new Error("照片里没有找到二维码。请靠近一些、拍正一些，或输入门牌号。");
  return text;
  // #endif
  // #ifndef H5
  return scanByWeixin(false);
  // #endif
}

/** WeChat's own scanner; null when cancelled. */
export function scanByWeixin(onlyFromCamera: boolean): Promise<string | null> {
  return new Promise((resolve) => {
    uni.scanCode({ onlyFromCamera, scanType: ["qrCode"], success: (result) => resolve(result.result), fail: () => resolve(null) });
  });
}

/** The plate's token in what was scanned: the address on the plate, or the token itself. */
export const tokenIn = (text: string): string | null => /(?:^|\/h\/)([\w-]{16,64})$/.exec(text.trim())?.[1] ?? null;
