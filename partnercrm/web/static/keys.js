/* Two keys in a row lead somewhere from every page: a link names them in data-keys. */

const WITHIN = 1500;
let first, pressedAt;

/** Follow the link whose keys were pressed one after the other, unless somebody is typing. */
function follow(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const link = performance.now() - pressedAt < WITHIN && document.querySelector(`[data-keys="${CSS.escape(first + key)}"]`);
  [first, pressedAt] = [key, performance.now()];
  if (!link) return;
  event.preventDefault();
  link.click();
}

document.addEventListener("keydown", follow);
