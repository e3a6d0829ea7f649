// The quick exit. Without this script the links still lead away.
(() => {
  const link = document.querySelector('a.leave')
  const status = document.querySelector('[data-leaving]')
  const pause = 5000 // ms allowed between two presses
  let down = 0 // presses of Shift not yet let go
  let count = 0 // presses let go, with no other key meanwhile
  let timer
  let sheet

  function reset () {
    clearTimeout(timer)
    down = count = 0
    status.textContent = ''
  }

  function wait () {
    clearTimeout(timer)
    timer = setTimeout(reset, pause)
  }

  function leave () {
    clearTimeout(timer)
    if (!sheet) {
      document.body.hidden = true
      sheet = document.createElement('div')
      sheet.className = 'sheet'
      sheet.setAttribute('role', 'status')
      document.documentElement.appendChild(sheet)
      sheet.textContent = status.dataset.leaving
    }
    location.replace(link.href)
  }

  document.addEventListener('click', event => {
    if (!event.target.closest('a.leave')) return
    event.preventDefault()
    leave()
  })

  document.addEventListener('keydown', event => {
    if (event.key !== 'Shift' || event.ctrlKey || event.altKey || event.metaKey) return reset()
    if (event.repeat) return
    down += 1
    wait()
  }, true)

  // Counts all presses at the first release: with both Shift keys down, Windows may keep the other release to itself.
  document.addEventListener('keyup', event => {
    if (event.key !== 'Shift' || !down) return
    count += down
    down = 0
    if (count > 2) return leave()
    status.textContent = count === 1 ? status.dataset.two : status.dataset.one
    wait()
  }, true)

  addEventListener('blur', reset)
  for (const kind of ['pointerdown', 'wheel']) {
    addEventListener(kind, event => { if (event.shiftKey) reset() }, { passive: true })
  }

  // Only a page brought back: the first pageshow may come while we are already leaving.
  addEventListener('pageshow', event => {
    if (!event.persisted) return
    reset()
    document.body.hidden = false
    if (sheet) sheet.remove()
    sheet = null
  })

  document.querySelector('.keys').hidden = false
})()
