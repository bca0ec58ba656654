// The code of a card stands behind the # of its address, which no browser sends; it is put into the field, and out of
// the address.

const code = document.querySelector("input[name=code]");
if (location.hash.length > 1 && !code.value) {
  code.value = location.hash.slice(1).replace(/(.{4})(?=.)/g, "$1 ");
  history.replaceState(null, "", location.pathname + location.search);
}
// Whoever changes the language has typed it once.
for (const link of document.querySelectorAll(".links a[lang]")) {
  link.addEventListener("click", () => {
    link.hash = code.value.replace(/\s/g, "");
  });
}
