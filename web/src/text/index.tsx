// Texts in English and German. A key that German lacks does not compile.
import { createContext, useCallback, useContext } from "react";
import type { Language } from "../format";
import { de } from "./de";
import { en } from "./en";
import { detectorsDe, eventsDe, factsDe, linksDe } from "./words";

export type Key = keyof typeof en;
export type Values = Record<string, string | number>;

const dictionaries: Record<Language, Record<Key, string>> = { en, de };

export const LanguageContext = createContext<Language>("en");
export const useLanguage = () => useContext(LanguageContext);

export function translate(language: Language, key: Key, values?: Values): string {
  const text = dictionaries[language][key];
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export type Translate = (key: Key, values?: Values) => string;

export function useText(): Translate {
  const language = useLanguage();
  return useCallback((key, values) => translate(language, key, values), [language]);
}

type WordGroup = "action" | "decision" | "gate" | "job" | "market.index" | "market.kind" | "measure" | "quality" | "refusal" | "rejected" | "side" | "state";

// A word of the API that is no closed list (an audit's kind, a job's step): known ones in words.
export function useWord() {
  const language = useLanguage();
  return (group: WordGroup, word: string) => {
    const key = `${group}.${word}`;
    return key in en ? translate(language, key as Key) : word.replaceAll("_", " ");
  };
}

const spaced = (id: string) => {
  const text = id.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

// Rules and detectors have ids that operators choose: the known ones have German names.
export const useDetectorName = () => {
  const language = useLanguage();
  return (id: string) => (language === "de" && detectorsDe[id]) || spaced(id);
};
export const useFactName = () => {
  const language = useLanguage();
  return (name: string) => (language === "de" && factsDe[name]) || name.replaceAll("_", " ");
};
export const useEventWord = () => {
  const language = useLanguage();
  return (word: string) => (language === "de" && eventsDe[word]) || word.replaceAll("_", " ");
};
export const useLinkName = () => {
  const language = useLanguage();
  return (name: string) => (language === "de" && linksDe[name]) || name.replaceAll("_", " ");
};
