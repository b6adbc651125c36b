// Where one goes after signing in: to what one wanted to see, else home.

/** Open a page of ours; anything else leads home. */
export function goOn(next: string): void {
  uni.reLaunch({ url: /^\/pages\/[\w/-]+(\?.*)?$/.test(next) ? next : "/pages/home/home" });
}

/** Ask to sign in and come back to `next`. */
export function signInFirst(next: string): void {
  uni.navigateTo({ url: `/pages/sign-in/sign-in?next=${encodeURIComponent(next)}` });
}
