// Elements, made and changed. Text goes in as text only, whatever is in it.

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

// Null takes an attribute away.
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null)
      node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value))
      node.setAttribute(name, value);
  }
}

// Only where it differs: a screen reader speaks what changes, and a selection is lost where nothing did.
export function text(node, value) {
  if (node.textContent !== value)
    node.textContent = value;
}

// The same children in the same order are left alone: moving a node would take the focus from it.
export function children(node, wanted) {
  const same = node.children.length === wanted.length && wanted.every((child, i) => node.children[i] === child);
  if (!same)
    node.replaceChildren(...wanted);
}
