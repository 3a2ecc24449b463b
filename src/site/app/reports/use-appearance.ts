import { useEffect, useState } from 'preact/hooks'

/** Changes whenever the colours of the page do, for what is painted with them. */
export function useAppearance(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const onChange = () => setCount((before) => before + 1)
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    const chosen = new MutationObserver(onChange)
    dark.addEventListener('change', onChange)
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      dark.removeEventListener('change', onChange)
      chosen.disconnect()
    }
  }, [])
  return count
}
