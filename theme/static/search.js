// Sorts the list of pages by what is typed. Nothing is sent, and nothing is kept.
(() => {
  const form = document.querySelector('form.search')
  const field = form.querySelector('input')
  const status = form.querySelector('[role=status]')
  const list = document.querySelector('#sidor')
  const index = JSON.parse(document.querySelector('#register').textContent)
  const items = [...list.querySelectorAll('[data-at]')].map(item => {
    const [headings, text] = index[item.dataset.at]
    return { item, places: [item.textContent.toLowerCase(), headings, text] }
  })
  const hits = document.createElement('ol')
  hits.className = 'plain found'
  hits.hidden = true
  list.before(hits)

  // How well a word fits: in the title or summary before the headings, and those before the text; a word's beginning before its inside.
  function fit (word, places) {
    let best = 0
    places.forEach((place, number) => {
      const at = (' ' + place).indexOf(' ' + word)
      const inside = word.length > 2 ? place.indexOf(word) : -1
      if (at >= 0) best = Math.max(best, 10 - 3 * number)
      else if (inside >= 0) best = Math.max(best, 8 - 3 * number)
    })
    return best
  }

  function search () {
    const words = field.value.toLowerCase().match(/[\p{L}\p{N}-]{2,}/gu) || []
    list.hidden = words.length > 0
    hits.hidden = !list.hidden
    hits.replaceChildren()
    status.textContent = ''
    if (!words.length) return
    const found = items.map(({ item, places }) => ({ item, fits: words.map(word => fit(word, places)) }))
      .filter(({ fits }) => fits.every(each => each > 0))
      .sort((a, b) => b.fits.reduce((x, y) => x + y) - a.fits.reduce((x, y) => x + y))
    hits.append(...found.map(({ item }) => item.cloneNode(true)))
    const { one, many, none } = status.dataset
    status.textContent = found.length === 0 ? none : found.length === 1 ? one : many.replace('#', found.length)
    list.hidden = found.length > 0
  }

  form.addEventListener('submit', event => {
    event.preventDefault()
    search()
    const first = hits.querySelector('a')
    if (first) first.focus()
  })
  field.addEventListener('input', search)
  addEventListener('pagehide', () => { field.value = ''; search() }) // a page brought back has nothing typed
})()
