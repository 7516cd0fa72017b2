/* A button that prints the page, where scripts run; without them, the page says how to print. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
document.querySelectorAll("[data-print-hint]").forEach((hint) => (hint.hidden = true));
