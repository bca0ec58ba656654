// For forms that cannot be taken back: Enter on a choice would send what is filled in so far. A button sends, nothing
// else. Without this file the browser decides.

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input[type='radio'], input[type='checkbox']")) event.preventDefault();
});
