// Says whether there are seats before the form is filled in, and marks the form with when it was opened. When it can't, the
// words of the page stand, and the form works all the same.
(() => {
  const line = document.querySelector('p.status[data-state]')
  if (!line) return
  fetch(line.dataset.stateUrl, { headers: { Accept: 'application/json' } })
    .then(answer => answer.ok ? answer.json() : {})
    .then(({ open, seats, token }) => {
      const mark = document.querySelector('form [name=token]')
      if (mark && token) mark.value = token
      const state = open === false ? 'closed' : open && seats
      if (!['many', 'few', 'none', 'closed'].includes(state)) return
      line.dataset.state = state
      line.textContent = line.dataset[state]
    })
    .catch(() => {})
})()
