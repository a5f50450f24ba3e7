// A figure whose panels stand on two scales switches between them; without this the second is below the first.
all("figure").filter((figure) => figure.querySelector(".twin")).forEach((figure) => {
  const views = all(".twin", figure).map((twin) => {
    const other = make("div", { class: "view" });
    other.append(...Array.from(twin.children).slice(1));
    other.hidden = true;
    const first = twin.previousElementSibling;
    const names = [first.dataset.scale, twin.querySelector("summary").textContent];
    twin.replaceWith(other);
    return { blocks: [first, other], names };
  });
  const show = (at) => {
    views.forEach(({ blocks }) => blocks.forEach((block, index) => { block.hidden = index !== at; }));
    buttons.forEach((item, index) => item.setAttribute("aria-pressed", String(index === at)));
  };
  const buttons = views[0].names.map((name, at) => button(name, () => show(at)));
  show(0);
  figure.querySelector(".panels").before(make("div", { class: "scales", role: "group", "aria-label": say("scale") }, ...buttons));
});
