"use strict";
// Without this the page shows everything: the filter is hidden, and the rest is plain HTML.
const filter = document.querySelector(".filter");
const findings = [...document.querySelectorAll(".finding")].map((node) => ({
  node,
  level: node.dataset.level,
  text: `${node.textContent} ${node.closest(".group").dataset.name}`.toLowerCase(),
}));

function show() {
  const levels = new Set([...filter.querySelectorAll(":checked")].map((box) => box.value));
  const words = filter.querySelector("[type=search]").value.toLowerCase().split(/\s+/).filter(Boolean);
  let amount = 0;
  for (const { node, level, text } of findings) {
    node.hidden = !levels.has(level) || !words.every((word) => text.includes(word));
    amount += !node.hidden;
  }
  for (const part of document.querySelectorAll(".compatible-ones, .group, .changes:has(.finding)")) {
    part.hidden = !part.querySelector(".finding:not([hidden])");
  }
  for (const folded of document.querySelectorAll(".compatible-ones")) {
    folded.open = words.length > 0 || !(levels.has("breaking") || levels.has("risky"));
  }
  filter.querySelector("output").value = `${amount.toLocaleString("en")} of ${findings.length.toLocaleString("en")} shown`;
}

function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.closest("[hidden]")) {
    filter.reset();
    show();
  }
  const folded = target?.closest("details");
  if (folded) {
    folded.open = true;
  }
  target?.scrollIntoView();
}

if (filter) {
  filter.hidden = false;
  filter.addEventListener("input", show);
  filter.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", unfold);
  show();
  unfold();
}
