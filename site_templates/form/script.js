// What makes the form better where scripts run; without it the page is complete. One file for the form and for the
// thanks. The names of questions become properties of the form, so its own short-named properties are never used here.
(() => {
{% include "form/conditions.js" %}
const all = (query, within) => Array.from((within || document).querySelectorAll(query));
const one = query => document.querySelector(query);
const form = one("form[data-say]"), holder = one("[data-say]");
const say = JSON.parse(holder.getAttribute("data-say"));
const tongue = holder.getAttribute("data-lang");
const DAYS = 15 * 864e5, PREFIX = "revisit:";

// A phone may refuse storage altogether; then nothing is kept and everything else works.
const box = (name, use) => { try { return use(window[name]); } catch (error) { return null; } };
const local = use => box("localStorage", use), session = use => box("sessionStorage", use);
const read = text => { try { return JSON.parse(text); } catch (error) { return null; } };

// Whose form this is: 32 bits of the code or nonce in the address. The code itself is never written down.
const address = location.pathname + location.search;
const who = (address.match(/[?&][tn]=([^&]+)/) || address.match(/\/v\/([^?]+)/) || [])[1];
const brief = text => (Array.from(text).reduce((sum, sign) => Math.imul(sum ^ sign.charCodeAt(0), 16777619), 9) >>> 0).toString(36);
const kiosk = (address.match(/[?&]k=([^&]+)/) || [])[1] || (form ? "" : session(store => store.getItem(PREFIX + "k")));
const mine = who ? PREFIX + brief(who) + ":" : "";
const forget = unwanted => local(store => Object.keys(store).forEach(key => {
  if (key.indexOf(PREFIX) === 0 && unwanted(key)) store.removeItem(key);
}));
forget(key => !(Date.now() - (read(local(store => store.getItem(key))) || {}).at < DAYS));

const make = (kind, words, classes) => {
  const made = document.createElement(kind);
  made.textContent = words || "";
  if (classes) made.className = classes;
  if (kind === "button") made.type = "button";
  if (tongue) { made.lang = tongue; made.dir = "ltr"; }
  return made;
};

// A kiosk begins anew for the next person, and keeps nothing of the last one.
const begin = pause => setTimeout(() => location.replace("/q/" + kiosk + "?kiosk"), pause);
if (kiosk) {
  document.documentElement.className = "kiosk";
  session(store => store.setItem(PREFIX + "k", kiosk));
}

if (!form) {
  // The thanks: what was kept is not needed any more, and the answers may be taken along.
  const last = read(session(store => store.getItem(PREFIX))) || {};
  session(store => store.removeItem(PREFIX));
  forget(key => (mine && key.indexOf(mine) === 0) || key === last.key);
  if (kiosk) begin(1e4);
  if (!(last.copy || []).length) return;
  const part = make("section"), list = make("dl");
  last.copy.forEach(pair => list.append(make("dt", pair[0]), make("dd", pair[1])));
  const print = make("button", say.print, "alt");
  print.addEventListener("click", () => window.print());
  part.append(make("h2", say.copy), list, print);
  holder.append(part);
  return;
}

const key = mine && !kiosk ? mine + one("[name=form_hash]").value.slice(0, 12) : "";
// The language that was chosen by hand holds for this link until it is answered.
const wished = (read(local(store => store.getItem(key + "l"))) || {}).tag;
if (wished && wished !== document.documentElement.lang && one("[name=switch][value=" + wished + "]")) {
  location.replace(address.replace(/^(\/s\/[^/]+\/)[^/]+/, "$1" + wished));
  return;
}
(one("#codeless") || {}).hidden = who || address.indexOf("/s/") !== 0;

const sections = all("section", form), button = all("button.send", form).pop(), title = one("h1");
const asked = all("fieldset:not(.m),.q", form);
const fields = () => all("input,textarea,select", form).filter(field => field.type !== "hidden" && field.name !== "website");
const ticked = field => /^(radio|checkbox)$/.test(field.type);
const filled = field => ticked(field) ? field.checked : field.value.trim() !== "";
const values = () => fields().filter(filled).map(field => [field.name, field.value]);
const fill = pairs => fields().forEach(field => {
  const given = pairs.filter(pair => pair[0] === field.name);
  if (ticked(field)) field.checked = given.some(pair => pair[1] === field.value);
  else if (given.length) field.value = given[0][1];
});

const status = make("p", "", "hint");
status.setAttribute("role", "status");
button.after(status);
const tell = words => { if (status.textContent !== words) status.textContent = words; };

// Skip logic: in the order of the page, so that what is hidden above counts as not asked below.
const value = id => {
  const open = fields().filter(field => filled(field) && !field.closest("[hidden]"));
  const found = open.filter(field => field.name === id || (field.tagName === "SELECT" && field.name.indexOf(id + ".") === 0));
  const given = found.filter(field => !(ticked(field) && field.value === "na")).map(field => field.value.trim()).join(" ");
  if (!given) return !found.length && open.some(field => field.name === id + ".other") ? "other" : null;
  if (!found[0].closest("[data-n]")) return given;
  const number = parseFloat(given.normalize("NFKC").replace(/[\s,]/g, ""));
  return number === number ? number : null;
};
const rules = all("[data-if]", form).map(element => [element, JSON.parse(element.getAttribute("data-if"))]);
all(".when", form).forEach(hint => { hint.textContent = ""; hint.hidden = true; });
const refresh = () => {
  rules.forEach(rule => { rule[0].hidden = !holds(rule[1], value); });
  let number = 0;
  all("fieldset,.q", form).forEach(element => {
    const words = (element.querySelector("legend,label") || {}).firstChild;
    if (words && !element.closest("[hidden]") && /^\s*\d+\./.test(words.data)) {
      words.data = words.data.replace(/^\s*\d+/, String(++number));
    }
  });
  all("[data-from]", form).forEach(words => {
    words.textContent = answer(words.getAttribute("data-from")) || words.getAttribute("data-plain");
  });
  step(0);
};

// The words of an answer, for later questions and for the copy.
const spoken = field => {
  if (ticked(field)) return field.closest("label").textContent.trim();
  return (field.tagName === "SELECT" ? field.parentNode.lastElementChild.textContent + ": " : "") + field.value.trim();
};
// In a sentence: without what only a screen reader says, "something else" by its own words, a number with its unit.
const quoted = field => {
  const own = fields().filter(other => other.name === field.name + ".other" && filled(other));
  if (ticked(field)) return field.value === "other" && own[0] ? own[0].value.trim() : field.nextElementSibling.firstChild.data;
  const unit = field.parentNode.className === "num" && field.nextElementSibling;
  return field.value.trim() + (unit ? " " + unit.textContent : "");
};
const answer = id => fields().filter(field => field.name === id && field.value !== "na" && filled(field)
  && !field.closest("[hidden]")).map(quoted).join(", ");
const copy = () => asked.filter(element => !element.closest("[hidden]")).map(element => {
  const head = (element.querySelector("legend,label") || element).cloneNode(true);
  all(".opt", head).forEach(mark => mark.remove());
  const given = fields().filter(field => element.contains(field) && filled(field) && !field.closest("[hidden]")).map(spoken);
  return [head.textContent.trim(), given.join("; ")];
}).filter(pair => pair[1]);

// One section at a time; with faults on the page all of them, so that every link of the summary leads somewhere.
let place = sections[0];
const turned = form.getAttribute("data-layout") === "sections" && sections.length > 1 && !one(".err");
const bar = make("div", "", "bar"), back = make("button", say.back, "alt"), next = make("button", say.next, "send"), count = make("p", "", "hint");
const step = by => {
  if (!turned) return;
  const open = sections.filter(part => !part.hidden && asked.some(element => part.contains(element) && !element.closest("[hidden]")));
  const at = Math.max(0, Math.min(open.length - 1, open.indexOf(place) + by));
  place = open[at];
  sections.forEach(part => part.classList.toggle("off", part !== place));
  for (let intro = sections[0].previousElementSibling; intro && intro !== bar; intro = intro.previousElementSibling) {
    if (intro !== title) intro.classList.toggle("off", at > 0);
  }
  const last = at === open.length - 1;
  back.hidden = at === 0;
  next.hidden = last;
  button.hidden = !last;
  count.textContent = say.part.replace("%s", at + 1).replace("%s", open.length);
  if (!by) return;
  const start = place.querySelector("h2,legend,label") || place;
  start.tabIndex = -1;
  window.scrollTo(0, 0);
  start.focus();
};
if (turned) {
  back.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  button.before(bar);
  bar.append(count, back, next, button);
}

// Counters: seen at once, spoken after a pause and only near the end.
all("[data-max]", form).forEach(field => {
  const most = Number(field.getAttribute("data-max")), note = make("p", "", "hint");
  let pause;
  const tally = () => {
    const left = most - Array.from(field.value.trim().replace(/\r/g, "")).length;
    note.textContent = (left < 0 ? say.over : say.left).replace("%s", Math.abs(left));
    note.className = left < 0 ? "err" : "hint";
    clearTimeout(pause);
    if (left < most / 10) pause = setTimeout(() => tell(note.textContent), 1000);
  };
  note.setAttribute("aria-hidden", "true");
  field.after(note);
  field.addEventListener("input", tally);
  window.addEventListener("pageshow", tally);
  tally();
});

// The draft stays on the device until the thanks, and is offered, never forced on whoever opens the link.
let body = "", refusals = 0, tries = 0, busy = false, timer;
const save = () => {
  const found = values();
  if (key) local(store => found.length ? store.setItem(key, JSON.stringify({at: Date.now(), pairs: found, body: body})) : store.removeItem(key));
};
const draft = key && read(local(store => store.getItem(key)));
const offer = make("div", "", "box");
if (draft && !values().length && !draft.body) {
  const resume = make("button", say.resume, "alt"), afresh = make("button", say.afresh, "alt");
  const choose = pairs => {
    offer.hidden = true;
    fill(pairs);
    refresh();
    save();
    all("[data-max]", form).forEach(field => field.dispatchEvent(new Event("input")));
    title.tabIndex = -1;
    title.focus();
  };
  resume.addEventListener("click", () => choose(draft.pairs));
  afresh.addEventListener("click", () => { forget(found => found === key); choose([]); });
  offer.append(make("p", say.found), resume, afresh);
  title.before(offer);
}

// Sending: the same body to the same address until there is an answer. The server keeps one, however often it comes.
const label = button.textContent;
const lock = on => {
  fields().forEach(field => { field.disabled = on; });
  all("button[name],.bar button.alt", form).forEach(other => { other.disabled = on; });
};
const remember = () => session(store => store.setItem(PREFIX, JSON.stringify({key: key, copy: kiosk ? [] : copy()})));
const plain = () => {
  body = "";
  lock(false);
  save();
  remember();
  HTMLFormElement.prototype.submit.call(form);
};
const later = (pause, words) => {
  tell(words);
  button.textContent = say.again;
  timer = setTimeout(post, Math.max(pause || 0, Math.min(3e4, 1e3 * Math.pow(2, ++tries))));
};
const post = () => {
  if (busy) return;
  clearTimeout(timer);
  busy = true;
  tell(say.sending);
  const stop = window.AbortController && new AbortController(), limit = setTimeout(() => stop && stop.abort(), 2e4);
  fetch(form.getAttribute("action") || location.href, {
    method: "POST", body: body, signal: stop ? stop.signal : undefined,
    headers: {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"},
  }).then(reply => {
    clearTimeout(limit);
    busy = false;
    if (reply.redirected && /\/thanks$/.test(reply.url) && reply.ok) {
      remember();
      forget(found => found === key);
      location.replace(reply.url);
    } else if ((reply.status === 429 || reply.status >= 500) && ++refusals < 4) {
      later(Number(reply.headers.get("Retry-After")) * 1e3, say.busy);
    } else plain(); // the server's own page says what is wrong, with everything kept
  }, () => {
    clearTimeout(limit);
    busy = false;
    later(0, say.offline);
  });
};
let pressed;
form.addEventListener("click", event => { pressed = event.target.closest("button"); });
form.addEventListener("submit", event => {
  if (pressed && pressed.name) {
    if (key) local(store => store.setItem(key + "l", JSON.stringify({at: Date.now(), tag: pressed.value})));
    return;
  }
  if (turned && button.hidden) {
    event.preventDefault();
    step(1);
    return;
  }
  if (!body) {
    if (!window.fetch || !window.URLSearchParams || !FormData.prototype.entries) { remember(); return; }
    body = new URLSearchParams(new FormData(form)).toString();
  }
  event.preventDefault();
  save();
  lock(true);
  post();
});
window.addEventListener("online", () => { if (body) post(); });
["input", "change"].forEach(kind => form.addEventListener(kind, () => { refresh(); save(); }));
window.addEventListener("pageshow", event => {
  if (event.persisted) { body = ""; lock(false); button.textContent = label; tell(""); }
  if (values().length) offer.hidden = true;
  refresh();
});
if (kiosk) {
  let idle = begin(6e4);
  ["click", "input", "keydown", "scroll"].forEach(kind => window.addEventListener(kind, () => {
    clearTimeout(idle);
    if (!body) idle = begin(6e4);
  }));
}
refresh();
if (draft && draft.body) {
  fill(draft.pairs);
  refresh();
  body = draft.body;
  lock(true);
  post();
}
})();
