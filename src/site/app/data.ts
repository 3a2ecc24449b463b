import { useEffect, useState } from 'preact/hooks'
import type { DataFiles } from './data-files.ts'

declare global {
  interface Window {
    /** What the files of data call. */
    lavra: (name: string, value: unknown) => void
  }
}

const OWN_SCRIPT = document.currentScript instanceof HTMLScriptElement ? document.currentScript.dataset : {}
const STAMP = OWN_SCRIPT.stamp ?? ''
/** Whether somebody tells when the project changes: a page on a disk has nobody who would. */
export const IS_LIVE = OWN_SCRIPT.live !== undefined
const loaded = new Map<string, unknown>()
const loading = new Map<string, Promise<unknown>>()

window.lavra = (name, value) => {
  loaded.set(name, value)
}

/** Loads a file of data, once. A page on a disk may load scripts only, so that the files are scripts. */
export function load<Name extends keyof DataFiles & string>(name: Name): Promise<DataFiles[Name]> {
  const known = loading.get(name)
  // Each file hands over what its name says.
  if (known) return known as Promise<DataFiles[Name]>
  const promise = new Promise<unknown>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = `data/${name}.js?${STAMP}`
    script.onload = () => {
      script.remove()
      if (loaded.has(name)) resolve(loaded.get(name))
      else reject(new Error(`data/${name}.js holds nothing`))
    }
    script.onerror = () => {
      script.remove()
      loading.delete(name)
      reject(new Error(`data/${name}.js cannot be read`))
    }
    document.head.append(script)
  })
  loading.set(name, promise)
  return promise as Promise<DataFiles[Name]>
}

export type Loaded<Value> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: Value }
  | { readonly status: 'failed'; readonly message: string }

/** A file of data as it is now; undefined as name loads nothing. */
export function useData<Name extends keyof DataFiles & string>(name: Name | undefined): Loaded<DataFiles[Name]> {
  const [state, setState] = useState<{ readonly name: Name | undefined; readonly found: Loaded<DataFiles[Name]> }>({
    name: undefined,
    found: { status: 'loading' },
  })
  useEffect(() => {
    if (name === undefined) return
    let isWanted = true
    const tell = (found: Loaded<DataFiles[Name]>) => isWanted && setState({ name, found })
    load(name).then(
      (value) => tell({ status: 'ready', value }),
      (error: Error) => tell({ status: 'failed', message: error.message }),
    )
    return () => {
      isWanted = false
    }
  }, [name])
  return state.name === name ? state.found : { status: 'loading' }
}
