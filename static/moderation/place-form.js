/* The form of a place: the week and the OSM text follow each other, the map opens. Extras: without
   script the server reads the week and the point's fields. */
import { nameLists } from "./named-lists.js";
import { openPoint } from "./place-point.js";

const PAUSE = 400; // milliseconds without a key before asking
const DAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"].map((day) => `week_${day}`);

function watchHours(block) {
  const form = block.closest("form");
  const field = (name) => form.elements.namedItem(name);
  const text = field("opening_hours");
  const holidays = field("week_holidays");
  const said = block.querySelector("[data-hours-said]");
  let timer;
  let asking;

  const ask = async (from) => {
    asking?.abort();
    asking = new AbortController();
    const body = new URLSearchParams({ from, opening_hours: text.value });
    for (const name of DAYS) body.set(name, field(name).value);
    if (holidays.checked) body.set("week_holidays", "on");
    try {
      const answer = await fetch(block.dataset.hours, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": field("csrfmiddlewaretoken").value },
        signal: asking.signal,
      });
      if (answer.ok) show(from, await answer.json());
    } catch {
      // Aborted by the next key, or no network: the server reads the form when it is sent.
    }
  };

  const show = (from, told) => {
    for (const name of [...DAYS, "opening_hours"]) {
      field(name).toggleAttribute("aria-invalid", name in told.problems);
      if (name in told.problems) field(name).setAttribute("aria-invalid", "true");
    }
    const labels = Object.entries(told.problems).map(([name, problem]) => {
      const label = form.querySelector(`label[for="${field(name).id}"]`)?.textContent.trim() ?? "";
      return `${label} ${problem}`;
    });
    said.textContent = labels.join(" ") || told.note || "";
    if (labels.length) return;
    if (from === "week") {
      text.value = told.opening_hours;
    } else if (told.week) {
      for (const name of DAYS) field(name).value = told.week[name];
      holidays.checked = told.week_holidays;
    } else {
      for (const name of DAYS) field(name).value = "";
      holidays.checked = false;
    }
  };

  const follow = (input, from) => {
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => ask(from), PAUSE);
    });
  };
  for (const name of DAYS) follow(field(name), "week");
  holidays.addEventListener("change", () => ask("week"));
  follow(text, "text");
}

/* Enter in a field saves, as everywhere in the admin: not the first button that the page holds. */
function saveOnEnter(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    if (["submit", "button", "checkbox", "radio"].includes(event.target.type)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=_save]") ?? undefined);
  });
}

nameLists();
document.querySelectorAll("[data-hours]").forEach(watchHours);
document.querySelectorAll("[data-point]").forEach(openPoint);
document.querySelectorAll("#place_form").forEach(saveOnEnter);
