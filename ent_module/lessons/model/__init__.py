"""Pure rules: what a lesson is (`lesson`), how its text is read (`outline`), what a file must hold (`rules`), and
what is kept of a lesson that was given (`given`)."""
