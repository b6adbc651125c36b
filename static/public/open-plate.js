// A plate opened by a phone's own camera: who is signed in to the phone client here goes on to that household's page.
// Everybody else reads the plain page, which works without this script.
const token = /^\/h\/([\w-]+)$/.exec(location.pathname)?.[1];
try {
  if (token && localStorage.getItem("jifen.session")) {
    location.replace(`/m/pages/plate/plate?token=${encodeURIComponent(token)}`);
  }
} catch {
  // no storage, nobody signed in: the plain page stays
}
