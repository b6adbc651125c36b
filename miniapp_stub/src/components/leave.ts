// Where one goes when a page's work is done: back to where one came from, or home when this page was opened by itself.

export function leave(): void {
  if (getCurrentPages().length > 1) uni.navigateBack();
  else uni.reLaunch({ url: "/pages/home/home" });
}
