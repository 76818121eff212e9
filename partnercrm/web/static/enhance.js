/* Comfort on top of pages that work without it. */

/** Take a person who made a slip straight to the list of what to mend. */
function showWhatIsWrong() {
  document.querySelector("[data-focus]")?.focus();
}

/** Send a form once, however often its button is pressed. */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
}

/** Bring the buttons back when the browser shows the page again from memory. */
function wakeForms() {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/** Apply a filter as soon as it is chosen; its button is then needed only to search for what is typed. */
function applyAtOnce(form) {
  const button = form.querySelector("button[type=submit]");
  if (button) button.hidden = !form.querySelector("input[type=search]");
  for (const select of form.querySelectorAll("select, input[type=date]")) {
    select.addEventListener("change", () => form.requestSubmit());
  }
}

/** Look while a person types: what is found takes the place of what stood there. */
function searchAsTyped(form) {
  const part = document.getElementById(form.dataset.found);
  const field = form.querySelector("input[type=search]");
  let waiting, running;
  const look = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      const filled = [...new FormData(form)].filter(([, value]) => value.trim());
      const address = `${location.pathname}?${new URLSearchParams(filled)}`;
      const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: running.signal }).catch(() => null);
      const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page && page.getElementById(part.id);
      if (!fresh) return;
      part.replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", address);
    }, 200);
  };
  field.addEventListener("input", look);
  // What was typed before this was loaded counts, too.
  if (field.value !== field.defaultValue) look();
}

/** Suggest while a person types into a field with a list of its own: the page knows what is meant. */
function suggestAsTyped(field) {
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const address = `${location.pathname}?${new URLSearchParams({ [field.dataset.suggest]: field.value.trim() })}`;
      const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
      const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page && page.getElementById(field.getAttribute("list"));
      if (fresh) field.list.replaceChildren(...fresh.childNodes);
    }, 200);
  });
}

/** Put a secret into the clipboard at one press. */
function offerCopy(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.done;
  });
}

/** Let "/" reach the first filter, as in most business software. */
function reachFilter(event) {
  const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
  const filter = document.querySelector(".filter input, .filter select");
  if (event.key !== "/" || typing || !filter) return;
  event.preventDefault();
  filter.focus();
}

/** While work goes on in the background, show where it stands without a press of a button. */
function keepFresh(part) {
  setTimeout(async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!answer.ok || !fresh?.dataset.refresh) return location.reload();
    part.replaceChildren(...fresh.childNodes);
    keepFresh(part);
  }, 1000 * part.dataset.refresh);
}

showWhatIsWrong();
document.querySelectorAll("[data-refresh]").forEach(keepFresh);
document.querySelectorAll("form[method=post]").forEach(sendOnce);
document.querySelector("form[data-goes-on]")?.requestSubmit();
document.querySelectorAll("form[data-at-once]").forEach(applyAtOnce);
document.querySelectorAll("form[data-found]").forEach(searchAsTyped);
document.querySelectorAll("input[data-suggest]").forEach(suggestAsTyped);
document.querySelectorAll("button[data-copy]").forEach(offerCopy);
document.addEventListener("keydown", reachFilter);
window.addEventListener("pageshow", (event) => event.persisted && wakeForms());
