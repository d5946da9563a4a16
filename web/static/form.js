// Makes the form handier; without this file everything still works.
"use strict";

document.documentElement.classList.add("script");
const form = document.getElementById("listing");

// Photos: one list behind the file input, so that dropping, the camera and "Remove" add up.
(function photos() {
  const box = form.querySelector("[data-photos]");
  const input = document.getElementById("photos");
  const camera = document.getElementById("camera");
  const previews = box.querySelector("[data-previews]");
  const status = box.querySelector("[data-status]");
  const drop = box.querySelector("[data-drop]");
  const most = Number(box.dataset.most);
  const mostBytes = Number(box.dataset.bytes);
  let files = [];

  const kept = () => box.querySelectorAll("input[name=kept]:checked").length;

  const fade = (keep) => keep.closest("li").classList.toggle("dropped", !keep.checked);

  function add(chosen) {
    const refused = [];
    for (const file of chosen) {
      const same = (f) => f.name === file.name && f.size === file.size && f.lastModified === file.lastModified;
      if (file.size > mostBytes) {
        refused.push(`“${file.name}” has more than ${mostBytes / 1e6} MB and was not added.`);
      } else if (kept() + files.length >= most) {
        refused.push(`“${file.name}” was not added: a listing holds ${most} photos.`);
      } else if (!files.some(same)) {
        files.push(file);
      }
    }
    show(refused.join(" "));
  }

  function show(message) {
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    status.textContent = message;
    previews.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    previews.replaceChildren(...files.map(preview));
    previews.hidden = files.length === 0;
  }

  function preview(file, index) {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = "";
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => {
      files.splice(index, 1);
      show(`“${file.name}” was removed.`);
      (previews.querySelectorAll("button")[index] || input).focus();
    });
    item.append(image, name, remove);
    return item;
  }

  input.addEventListener("change", () => add(Array.from(input.files)));
  camera.addEventListener("change", () => {
    const taken = Array.from(camera.files);
    camera.value = ""; // it travels in the main input
    add(taken);
  });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    add(Array.from(event.dataTransfer.files));
  });
  box.addEventListener("change", (event) => {
    if (event.target.name === "kept") fade(event.target);
  });
  // Only now has the browser brought back what was chosen before "Back".
  window.addEventListener("pageshow", () => {
    files = Array.from(input.files);
    show("");
    box.querySelectorAll("input[name=kept]").forEach(fade);
  });
})();

// Fields: only the items and lengths that fit the wear type.
(function fitting() {
  const cleared = form.querySelector("[data-cleared]");
  const selects = Array.from(form.querySelectorAll("select[data-by-wear]"), (select) => ({
    select,
    groups: Array.from(select.querySelectorAll("optgroup")),
  }));
  const label = form.querySelector("label[data-upper]");
  const given = form.elements.wear;
  const [item, length] = ["item", "length"].map((id) => document.getElementById(id));
  const goesWith = (select) => select.selectedOptions[0].parentNode.dataset.wear || "";

  function fit() {
    const lost = [];
    for (const { select, groups } of selects) {
      // An item settles the lengths, as it does for the server, but never the items to choose from.
      const wear = given.value || (select === item ? "" : goesWith(item));
      const before = select.selectedOptions[0];
      const away = wear && goesWith(select) && goesWith(select) !== wear;
      groups.forEach((group) => group.remove());
      select.append(...groups.filter((group) => !wear || group.dataset.wear === wear));
      if (away) {
        lost.push(`${before.textContent} cleared: not a choice for ${wear} wear.`);
        select.value = "";
      } else {
        before.selected = true;
      }
    }
    label.textContent = label.dataset[given.value || goesWith(item) || goesWith(length) || "none"];
    cleared.textContent = lost.join(" ");
  }

  for (const control of [...given, item]) control.addEventListener("change", fit);
  // What the server complains of must stay visible until the seller changes it. Later than
  // "pageshow" nothing is brought back by the browser; earlier it could not choose what is removed.
  if (!form.querySelector("select[aria-invalid]")) window.addEventListener("pageshow", fit);
})();

// One check at a time, until the answer comes or the seller stops it.
function ready() {
  const button = form.querySelector("button[data-busy]");
  if (button.dataset.ready) button.textContent = button.dataset.ready;
  button.removeAttribute("aria-disabled");
}
form.addEventListener("submit", (event) => {
  const button = form.querySelector("button[data-busy]");
  if (button.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  button.dataset.ready = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-disabled", "true");
  // Browsers without the Navigation API (before 2026) do not tell that a seller pressed "Stop".
  if (!window.navigation) setTimeout(ready, 30_000);
});
window.navigation?.addEventListener("navigateerror", ready);
window.addEventListener("pageshow", ready); // the page may come back from the browser's memory

// After a mistake, keyboards and screen readers start at the summary of mistakes.
document.querySelector(".summary")?.focus();
