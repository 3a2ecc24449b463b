import { en, type Words } from './en.ts'
import { pt } from './pt.ts'

export type Language = 'en' | 'pt'

export const LANGUAGES: Readonly<Record<Language, Words>> = { en, pt }

/** The first of the reader's languages that the page has. */
export function languageOf(preferred: readonly string[]): Language {
  for (const name of preferred) {
    if (name.toLowerCase().startsWith('pt')) return 'pt'
    if (name.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}
