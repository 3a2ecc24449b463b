import { usePage } from '../context.ts'
import { hrefOf } from '../route.ts'
import type { Settings, Theme } from '../settings.ts'
import { LANGUAGES, type Language } from '../words/words.ts'
import { SearchBox } from './search-box.tsx'

export interface TopBarProps {
  readonly settings: Settings
  readonly onSettings: (settings: Settings) => void
  readonly isMenuOpen: boolean
  readonly onMenu: () => void
}

export function TopBar({ settings, onSettings, isMenuOpen, onMenu }: TopBarProps) {
  const { words, project } = usePage()
  return (
    <header class="top">
      <button
        type="button"
        class="button menu-button"
        aria-expanded={isMenuOpen}
        aria-controls="sidebar"
        aria-label={words.menu}
        onClick={onMenu}
      >
        <span aria-hidden="true">☰</span>
      </button>
      <a class="brand" href={hrefOf({ page: 'overview' })}>
        <Logo />
        {project.index.project.name}
      </a>
      <SearchBox />
      <label class="choice">
        <span class="for-readers">{words.theme}</span>
        <select
          value={settings.theme}
          onChange={(event) => onSettings({ ...settings, theme: event.currentTarget.value as Theme })}
        >
          {(['system', 'light', 'dark'] as const).map((theme) => (
            <option key={theme} value={theme}>
              {words.themes[theme]}
            </option>
          ))}
        </select>
      </label>
      <label class="choice">
        <span class="for-readers">{words.chooseLanguage}</span>
        <select
          value={settings.language}
          onChange={(event) => onSettings({ ...settings, language: event.currentTarget.value as Language })}
        >
          {Object.entries(LANGUAGES).map(([name, { language, locale }]) => (
            <option key={name} value={name} lang={locale}>
              {language}
            </option>
          ))}
        </select>
      </label>
    </header>
  )
}

/** Three layers that lie above each other. */
function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M3 14.5 10 18l7-3.5-7-3.5z" class="logo-bronze" />
      <path d="M3 10 10 13.5 17 10l-7-3.5z" class="logo-silver" />
      <path d="M3 5.5 10 9l7-3.5L10 2z" class="logo-gold" />
    </svg>
  )
}
