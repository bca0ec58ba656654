// What is wrong with the page as it is, in words (look.py says what each of the three questions asks).
// `language` is the one that the page should be in, or empty.
({ what, language }) => {
  const root = document.documentElement;
  for (const one of document.querySelectorAll("details")) one.open = true;
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const named = (one) => {
    const place = `${one.tagName.toLowerCase()}${one.id ? `#${one.id}` : ""}${one.classList.length ? `.${one.classList[0]}` : ""}`;
    return `<${place}> « ${(one.innerText || one.value || "").trim().replace(/\s+/g, " ").slice(0, 40)} »`;
  };

  const wide = () => {
    if (root.scrollWidth <= root.clientWidth) return [];
    const over = all("body *").filter((one) => {
      const box = one.getBoundingClientRect();
      return box.right > root.clientWidth + 0.5 || box.left < -0.5;
    });
    return [`wider than the screen (${root.scrollWidth} px): ${over.slice(-3).map(named).join(", ")}`];
  };

  const speech = () => {
    const direction = root.lang === "ar" ? "rtl" : "ltr";
    const found = [];
    if (language && root.lang !== language) found.push(`is said to be in ${root.lang}, not ${language}`);
    if (root.dir !== direction || getComputedStyle(document.body).direction !== direction)
      found.push(`in ${root.lang} does not run ${direction}`);
    return found;
  };

  const structure = () => {
    const found = [];
    const headings = all("h1, h2, h3, h4, h5, h6");
    const first = headings.filter((one) => one.tagName === "H1").length;
    if (first !== 1) found.push(`has ${first} h1`);
    headings.forEach((one, place) => {
      const above = place ? Number(headings[place - 1].tagName[1]) : 0;
      if (Number(one.tagName[1]) > above + 1) found.push(`goes from h${above} to ${named(one)}`);
      if (!one.innerText.trim()) found.push(`has an empty heading ${named(one)}`);
    });
    if (!document.title.trim()) found.push("has no title");
    if (all("main").length !== 1) found.push(`has ${all("main").length} main parts`);
    return found;
  };

  const targets = () =>
    all(
      "button, .button, .tiles a, a.tile, .number, .chat, .leave, .top .home, .bottom a, .moves a, .inbox a, summary, " +
        "label.choice, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio])",
    ).flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      const size = `${Math.round(width)} × ${Math.round(height)} px`;
      return width < 43.5 || height < 43.5 ? [`has a target of ${size}: ${named(one)}`] : [];
    });

  const references = () => {
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    const known = new Set(ids);
    const twice = new Set(ids.filter((one, place) => ids.indexOf(one) !== place));
    const found = [...twice].map((id) => `has two #${id}`);
    for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"])
      for (const one of document.querySelectorAll(`[${name}]`))
        for (const id of one.getAttribute(name).split(/\s+/).filter(Boolean))
          if (!known.has(id)) found.push(`${name}="${id}" leads nowhere: ${named(one)}`);
    for (const one of document.querySelectorAll('a[href^="#"]'))
      if (!known.has(decodeURIComponent(one.hash.slice(1)))) found.push(`a link to ${one.hash} leads nowhere`);
    return found;
  };

  const cut = () =>
    all("body *").filter((one) => {
      const { overflowX, overflowY } = getComputedStyle(one);
      const tiny = one.clientWidth <= 1 || one.clientHeight <= 1; // hidden from the eye on purpose
      const scrolls = ["TEXTAREA", "INPUT", "SELECT"].includes(one.tagName); // by itself
      const over = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
      return over && (overflowX !== "visible" || overflowY !== "visible") && !tiny && !scrolls && !(one instanceof SVGElement);
    });

  const edgeless = () =>
    all("button, .button, .tile, .number, .leave, label.choice, select, textarea, .notice").filter((one) => {
      const style = getComputedStyle(one);
      return !["Top", "Right", "Bottom", "Left"].some(
        (side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0,
      );
    });

  return {
    page: () => [...wide(), ...speech(), ...structure(), ...targets(), ...references()],
    enlarged: () => [...wide(), ...cut().map((one) => `cuts off ${named(one)}`)],
    colourless: () => edgeless().map((one) => `has no edge once colours are gone: ${named(one)}`),
  }[what]();
};
