/* "Use my position": an enhancement, its button stays hidden without JavaScript.
   The position is rounded on the device: only two decimals (about 1 km) ever leave the browser. */
const MAX_WAIT = 10_000; // milliseconds
const OLDEST = 600_000; // milliseconds: a position of ten minutes ago is good enough

const rounded = (degrees) => (Math.round(degrees * 100) / 100).toFixed(2);

function setPosition(fields, latitude, longitude) {
  fields.lat.value = latitude;
  fields.lon.value = longitude;
  fields.lat.disabled = fields.lon.disabled = !latitude;
}

function setUp(block) {
  const button = block.querySelector("button");
  const said = block.querySelector("[role=status]");
  const fields = button.form.elements;

  const found = ({ coords }) => {
    fields.ou.value = "";
    // Where one stands is seldom in the area of the map that one looked at.
    if (fields.bbox) fields.bbox.checked = false;
    setPosition(fields, rounded(coords.latitude), rounded(coords.longitude));
    button.form.requestSubmit();
  };
  const failed = (error) => {
    button.disabled = false;
    said.textContent =
      error.code === error.PERMISSION_DENIED ? button.dataset.refused : button.dataset.failed;
    fields.ou.focus();
  };
  button.addEventListener("click", () => {
    said.textContent = button.dataset.searching;
    navigator.geolocation.getCurrentPosition(found, failed, {
      timeout: MAX_WAIT,
      maximumAge: OLDEST,
    });
  });
  // A typed place replaces the position.
  fields.ou.addEventListener("input", () => setPosition(fields, "", ""));
  block.hidden = false;
}

if (window.isSecureContext && "geolocation" in navigator) {
  document.querySelectorAll("[data-locate]").forEach(setUp);
}
