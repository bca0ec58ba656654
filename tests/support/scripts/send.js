// Fills in a form of the page as a person would, and sends it whatever the browser or a script would say against it.
// `having`: the end of the address that it is sent to, or a field's name. `forged`: a form of our own in its place.
({ action, having, typed, forged }) => {
  const own = (one) => [...one.elements];
  const path = (one) => new URL(one.getAttribute("action") || location.href, location.href).pathname;
  // A button may send its form to an address of its own.
  const way = (one) => own(one).find((field) => having && field.getAttribute("formaction")?.endsWith(having));
  const fits = (one) => !having || path(one).endsWith(having) || way(one) || own(one).some((field) => field.name === having);

  const add = (form, name, value) => {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  };

  const forge = () => {
    const made = document.createElement("form");
    made.method = "post";
    made.action = action;
    const token = document.querySelector("[name=csrf_token]")?.value;
    for (const [name, value] of Object.entries({ ...(token && { csrf_token: token }), ...typed }))
      for (const one of [value].flat()) add(made, name, one);
    document.body.append(made);
    return made;
  };

  const fill = (form) => {
    let pressed = way(form);
    for (const [name, value] of Object.entries(typed)) {
      const fields = own(form).filter((field) => field.name === name);
      if (!fields.length) throw new Error(`no field ${name} in the form`);
      const wanted = [value].flat();
      const button = fields.find((field) => field.tagName === "BUTTON" && wanted.includes(field.value));
      if (button) pressed = button;
      else if (["checkbox", "radio"].includes(fields[0].type))
        for (const field of fields) field.checked = wanted.includes("*") || wanted.includes(field.value);
      else for (const field of fields) field.value = value;
    }
    if (pressed?.name) add(form, pressed.name, pressed.value);
    if (pressed?.hasAttribute("formaction")) form.action = pressed.formAction;
  };

  const form = forged ? forge() : [...document.querySelectorAll("main form")].find(fits);
  if (!form) throw new Error(`no form ${having} on the page`);
  if (!forged) fill(form);
  HTMLFormElement.prototype.submit.call(form);
};
