const known = new Map<string, Intl.Segmenter>();

/** A text segmenter of a language; of the root rules where ICU does not know the language, or the tag is malformed. */
export function segmenter(language: string, granularity: 'sentence' | 'word'): Intl.Segmenter {
  const key = `${granularity} ${language}`;
  const made = known.get(key) ?? new Intl.Segmenter(supported(language), { granularity });
  known.set(key, made);
  return made;
}

function supported(language: string): string[] | string {
  try {
    const locales = Intl.Segmenter.supportedLocalesOf(language);
    return locales.length > 0 ? locales : 'und';
  } catch {
    return 'und';
  }
}
