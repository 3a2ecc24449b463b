import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Locale } from '../../report/locale-text.ts'
import { type Format, formatFor } from './format.ts'
import type { Project } from './project.ts'
import type { Words } from './words/en.ts'
import { LANGUAGES, type Language } from './words/words.ts'

/** What every part of the page needs. */
export interface Page {
  readonly project: Project
  readonly words: Words
  readonly format: Format
  /** How reports write values. */
  readonly locale: Locale
}

export function pageOf(project: Project, language: Language): Page {
  const words = LANGUAGES[language]
  return { project, words, format: formatFor(words), locale: language === 'pt' ? 'pt-BR' : 'en' }
}

export const PageContext = createContext<Page | undefined>(undefined)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (!page) throw new Error('Internal error: a part of the page stands outside of it')
  return page
}
