// Creates and changes elements. Text is always inserted as text, never as markup.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  set(node, attributes);
  node.append(...children);
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  set(node, attributes);
  node.append(...children);
  return node;
}

// Null removes an attribute.
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null)
      node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value))
      node.setAttribute(name, value);
  }
}

// Changes the text only if it differs, because screen readers announce every change, and a change ends the user's selection.
export function text(node, value) {
  if (node.textContent !== value)
    node.textContent = value;
}

// Leaves children that are already in the wanted order untouched, because a node that is moved loses the focus.
export function children(node, wanted) {
  const same = node.children.length === wanted.length && wanted.every((child, i) => node.children[i] === child);
  if (!same)
    node.replaceChildren(...wanted);
}
