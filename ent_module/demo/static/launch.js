// Sends the launch form at once; without this, its button does.
document.querySelector("form").submit();
