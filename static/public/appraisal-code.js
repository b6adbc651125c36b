// The code of an anonymous appraisal stands behind the # of the scanned address, which no server and no log ever sees.
// It is put into the form and taken out of the address bar, so that it is not left in the phone's history.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.getElementById("code");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !code) return;
  history.replaceState(null, "", location.pathname);
  field.value = code;
  field.form.requestSubmit();
});
