// For forms that cannot be taken back: Enter on a choice or a number would send what is filled in so far. A button
// sends, nothing else. Without this file the browser decides.

const held = "input:is([type='radio'], [type='checkbox'], [type='number'])";

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(held)) event.preventDefault();
});
