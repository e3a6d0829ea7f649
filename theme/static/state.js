// Says whether there are seats before the form is filled in. When it can't, the words of the page stand.
(() => {
  const line = document.querySelector('p.status[data-state]')
  if (!line) return
  fetch(line.dataset.stateUrl, { headers: { Accept: 'application/json' } })
    .then(answer => answer.ok ? answer.json() : {})
    .then(({ open, seats }) => {
      const state = open === false ? 'closed' : open && seats
      if (!['many', 'few', 'none', 'closed'].includes(state)) return
      line.dataset.state = state
      line.textContent = line.dataset[state]
    })
    .catch(() => {})
})()
