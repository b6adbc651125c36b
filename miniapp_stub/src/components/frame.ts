// What the platform keeps of the top of the screen: the status bar, and the mini-program's capsule on the right.
interface Frame {
  top: number;
  right: number;
}

function measured(): Frame {
  // #ifdef MP-WEIXIN
  const capsule = uni.getMenuButtonBoundingClientRect();
  const width = uni.getWindowInfo().windowWidth;
  return { top: Math.max(4, capsule.top - 6), right: width - capsule.left + 8 };
  // #endif
  // #ifndef MP-WEIXIN
  return { top: 4, right: 16 };
  // #endif
}

export const frame: Frame = measured();
