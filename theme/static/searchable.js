// The field, before the page is shown: what comes below it then never moves.
document.currentScript.previousElementSibling.hidden = false
