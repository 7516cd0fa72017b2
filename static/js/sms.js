/* How many messages a text takes by SMS (3GPP TS 23.038), and French in its 7-bit alphabet. The
   server's twin is directory/views/sms.py: a test compares them. */
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");
const PLAIN = {
  "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-",
  "·": "-", "•": "-", "…": "...", œ: "oe", Œ: "OE", "°": "o", "\u00ad": "", "\u200b": "",
};

const isKnown = (character) => BASIC.has(character) || EXTENDED.has(character);
const isSevenBits = (text) => [...text].every(isKnown);

export function segments(text) {
  const characters = [...text];
  const seven = isSevenBits(text);
  const [alone, part] = seven ? [160, 153] : [70, 67];
  const units = characters.map((one) => (seven ? (EXTENDED.has(one) ? 2 : 1) : one.length));
  if (units.reduce((sum, unit) => sum + unit, 0) <= alone) return 1;
  let [count, room] = [1, part];
  for (const unit of units) {
    // An escape and what it escapes, or a surrogate pair, are never in two parts.
    if (unit > room) [count, room] = [count + 1, part];
    room -= unit;
  }
  return count;
}

const isLatin = (text) =>
  [...text].every(
    (one) => BASIC.has(one) || !/\p{L}/u.test(one) || /^\p{Script=Latin}/u.test(one.normalize("NFKD")),
  );

function nearest(character) {
  if (isKnown(character)) return character;
  if (character in PLAIN) return PLAIN[character];
  if (/\s/.test(character)) return " ";
  const bare = character.normalize("NFKD").replace(/\p{M}/gu, "");
  return bare && isSevenBits(bare) ? bare : character;
}

export function plain(text) {
  if (!isLatin(text)) return text;
  const spaced = text.replaceAll("«\u00a0", "«").replaceAll("\u00a0»", "»");
  return [...spaced].map(nearest).join("");
}
