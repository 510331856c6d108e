// Addresses in what is said become links: of the web, and of the house's own group pages.
const ADDRESS = /(https?:\/\/[^\s<>"“”，。；）)]+|(?<![\w/])\/groups\/[A-Z0-9]+)/g;

export function linked(text) {
  return text.split(ADDRESS).map((part, i) => {
    if (i % 2 === 0) return document.createTextNode(part);
    const link = document.createElement("a");
    Object.assign(link, { href: part, textContent: part, target: "_blank", rel: "noopener noreferrer" });
    return link;
  });
}
