import { type Language, languageOf } from './words/words.ts'

export type Theme = 'system' | 'light' | 'dark'

/** What the reader chose; remembered by the browser where it may. */
export interface Settings {
  readonly theme: Theme
  readonly language: Language
}

const KEY = 'lavra-docs'

export function readSettings(): Settings {
  const stored = parse(remembered())
  const theme = stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : 'system'
  const isLanguage = stored.language === 'en' || stored.language === 'pt'
  return { theme, language: isLanguage ? (stored.language as Language) : languageOf(navigator.languages) }
}

/** Puts settings in force and remembers them. */
export function applySettings(settings: Settings): void {
  const root = document.documentElement
  if (settings.theme === 'system') delete root.dataset.theme
  else root.dataset.theme = settings.theme
  root.lang = settings.language === 'pt' ? 'pt-BR' : 'en'
  try {
    localStorage.setItem(KEY, JSON.stringify(settings))
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? '{}'
  } catch {
    return '{}'
  }
}

function parse(text: string): { readonly theme?: unknown; readonly language?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
