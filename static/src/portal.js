// Small helps for people whose browser runs script; every page works without it. Loaded as a module.

import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs"
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs"
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs"
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs"

// GOV.UK Frontend's own class names: its components start only where the page says script is supported.
document.body.classList.add("js-enabled", "govuk-frontend-supported")

// Counts as the server does: an emoji of one code point is one, an accent typed on its own joins its letter.
class Count extends CharacterCount {
  updateCount() {
    super.updateCount()
    if (!this.config.maxwords) this.count = [...this.$textarea.value.normalize("NFC")].length
  }
}

for (const Component of [Button, Count, ErrorSummary, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    new Component(element)
  }
}

// What a choice reveals. The library's own component puts aria-expanded on radio buttons, which ARIA does not
// allow there; the order of the page already says what belongs to what.
const revealing = document.querySelectorAll("input[data-aria-controls]")

// Several choices may reveal the same: it is shown while one of them is chosen.
function showWhatIsChosen() {
  for (const input of revealing) {
    const id = input.dataset.ariaControls
    const kind = input.type === "radio" ? "radios" : "checkboxes"
    const chosen = [...revealing].some(other => other.dataset.ariaControls === id && other.checked)
    document.getElementById(id)?.classList.toggle(`govuk-${kind}__conditional--hidden`, !chosen)
  }
}

// “None of these” and the other boxes of its question untick each other.
function keepApart(box) {
  const alone = box.dataset.behaviour === "exclusive"
  for (const other of document.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(box.name)}"]`)) {
    if (other !== box && (alone || other.dataset.behaviour === "exclusive")) other.checked = false
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.type === "checkbox" && target.checked) keepApart(target)
  showWhatIsChosen()
})
addEventListener("pageshow", showWhatIsChosen)
showWhatIsChosen()
