/* The page that composes the widget's code: it follows the choices, and copies the code.
   An enhancement: without it a button asks the server. */
const form = document.querySelector("[data-composer]");
const said = document.querySelector("[data-composer-said]");
const result = () => document.querySelector("[data-composer-result]");

async function copy(button) {
  const field = result().querySelector("[data-composer-code]");
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = button.dataset.copied;
  } catch {
    // Refused, or an old browser: the code is selected, the person copies it.
    field.focus();
    field.select();
    said.textContent = button.dataset.select;
  }
}

function offerCopy() {
  const button = result().querySelector("[data-composer-copy]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

function address() {
  const chosen = [...new FormData(form)].filter(([, value]) => value.trim());
  return `${location.pathname}?${new URLSearchParams(chosen)}`;
}

let last = 0;

async function refresh() {
  const [asked, url] = [++last, address()];
  let answer;
  try {
    answer = await fetch(url);
  } catch {
    return; // No network: the button is still there, and the browser says what is wrong.
  }
  // What cannot be read is said beside its field, by the whole page.
  if (!answer.ok) return asked === last && location.assign(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (asked !== last) return;
  history.replaceState(history.state, "", url);
  result().replaceWith(page.querySelector("[data-composer-result]"));
  offerCopy();
  said.textContent = said.dataset.refreshed;
}

form.addEventListener("change", refresh);
offerCopy();
