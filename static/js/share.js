/* Sharing: the links follow the text as it is changed; copy, and the device's own share sheet.
   An enhancement: without it a button asks the server to follow the changes. */
import { plain, segments } from "./sms.js";

const form = document.querySelector("[data-share]");
const letter = form.querySelector("[data-share-letter]");
const short = form.querySelector("[data-share-sms]");
const said = form.querySelector("[data-share-said]");
const link = (name) => form.querySelector(`[data-share-link=${name}]`);
const encoded = (text) => encodeURIComponent(text);

function follow() {
  // "?&" is read by iPhones, which want "&", and by the others, which want "?".
  link("sms").href = `sms:?&body=${encoded(plain(short.value))}`;
  link("whatsapp").href = `https://wa.me/?text=${encoded(letter.value)}`;
  // RFC 6068: the ends of lines are CR LF.
  const body = encoded(letter.value).replaceAll("%0A", "%0D%0A");
  link("mail").href = `mailto:?subject=${encoded(form.dataset.subject)}&body=${body}`;
}

function count() {
  const parts = segments(plain(short.value));
  const most = Number(form.dataset.most);
  const { one, many, tooMany } = form.dataset;
  const text = parts === 1 ? one : many.replace("2", parts);
  const shown = form.querySelector("[data-share-count]");
  shown.textContent = parts > most ? `${text} ${tooMany}` : text;
  shown.classList.toggle("field-error", parts > most);
}

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = form.dataset.copied;
  } catch {
    // Refused, or an old browser: the text is selected, the person copies it.
    field.focus();
    field.select();
    said.textContent = form.dataset.select;
  }
}

async function toDevice() {
  try {
    await navigator.share({ title: form.dataset.subject, text: letter.value });
  } catch {
    // Closed without choosing: nothing to say.
  }
}

for (const field of [letter, short]) {
  field.addEventListener("input", () => {
    follow();
    count();
    said.textContent = "";
  });
}
form.querySelectorAll("[data-share-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => copy(button.dataset.shareCopy === "sms" ? short : letter));
});
form.querySelector("[data-share-update]").hidden = true;
if (navigator.share) {
  const button = form.querySelector("[data-share-device]");
  button.hidden = false;
  button.addEventListener("click", toDevice);
}
// A browser gives back a changed text when one comes back to the page.
follow();
count();
