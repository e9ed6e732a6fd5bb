// What a person with this screen, a keyboard or a screen reader would stumble over, as sentences.
() => {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const expect = (holds, sentence) => holds || found.push(sentence);
  const words = (one) => one.textContent.trim().replace(/\s+/g, " ").slice(0, 50);
  const named = (one) => `<${one.tagName.toLowerCase()}> "${words(one)}"`;
  const style = (one) => getComputedStyle(one);
  const ancestors = (one) => (one ? [one, ...ancestors(one.parentElement)] : []);
  const isSpoken = (one) => !one.closest("[aria-hidden=true]");

  expect(document.documentElement.lang, "the page does not say its language");
  expect(document.title.trim(), "the page has no title");
  expect(all("main").length === 1, "there is not one main part");
  expect(all("h1").length === 1, `there are ${all("h1").length} h1`);
  const levels = all("h1, h2, h3, h4, h5, h6").map((one) => Number(one.tagName[1]));
  levels.forEach((level, at) => expect(at === 0 || level <= levels[at - 1] + 1, `h${level} follows h${levels[at - 1]}`));
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids)) expect(ids.indexOf(id) === ids.lastIndexOf(id), `the id ${id} is there twice`);
  for (const nav of all("nav, section[aria-labelledby]"))
    expect(nav.ariaLabel || document.getElementById(nav.getAttribute("aria-labelledby")), `no name: ${named(nav)}`);

  for (const image of all("img")) expect(image.hasAttribute("alt"), `no alt: ${image.src}`);
  for (const frame of all("iframe")) expect(frame.title, `no title: ${frame.src}`);
  for (const field of all("input:not([type=hidden]), textarea, select"))
    expect([...field.labels].some(words) || field.ariaLabel, `no label: ${field.outerHTML.slice(0, 80)}`);
  for (const pressed of all("a[href], button, summary")) {
    expect(words(pressed) || pressed.ariaLabel, `no words: ${pressed.outerHTML.slice(0, 80)}`);
    const isSmall = pressed.matches("button, .button") && pressed.getBoundingClientRect().height < 24;
    expect(!isSmall, `less than 24 px high: ${named(pressed)}`);
  }

  const width = document.documentElement.clientWidth;
  expect(document.scrollingElement.scrollWidth <= width, `the page is wider than its ${width} px`);
  const mayScroll = (one) => ancestors(one.parentElement).some((box) => style(box).overflowX !== "visible");
  for (const one of all("main *, header *, footer *"))
    expect(one.getBoundingClientRect().right <= width + 1 || mayScroll(one), `sticks out: ${named(one)}`);

  // Colours come in many notations; a canvas knows them all.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const painted = (colours) => {
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((s) => (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const behind = (one) => ["Canvas", ...ancestors(one).reverse().map((box) => style(box).backgroundColor)];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !one.checkVisibility() || !isSpoken(one) || one.matches("noscript, option")) continue;
    const size = parseFloat(style(one).fontSize);
    const [ink, paper] = [light(painted([...behind(one), style(one).color])), light(painted(behind(one)))];
    const contrast = Math.max(ink, paper) / Math.min(ink, paper);
    expect(contrast >= (size >= 24 ? 3 : 4.5), `contrast ${contrast.toFixed(1)}: ${named(one)}`);
    expect(size >= 12, `letters of ${size} px: ${named(one)}`);
  }
  return [...new Set(found)];
}
