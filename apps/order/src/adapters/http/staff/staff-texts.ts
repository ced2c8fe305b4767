export type Lang = 'nl' | 'en';

/** Dutch for whoever prefers it to English; English otherwise. */
export function langOf(acceptLanguage: string | undefined): Lang {
  for (const part of (acceptLanguage ?? '').split(',')) {
    const tag = part.trim().toLowerCase();
    if (/^nl\b/.test(tag)) return 'nl';
    if (/^en\b/.test(tag)) return 'en';
  }
  return 'en';
}

const EN = {
  signIn: 'Sign in',
  signInTo: 'Sign in to Stuiver',
  email: 'E-mail address',
  password: 'Password',
  wrong: 'E-mail address and password do not fit together.',
  wait: 'Too many tries. Wait {minutes} min and try again.',
  choose: 'Choose a password',
  chooseFor: 'For {name} ({email}).',
  chooseHint: 'At least 12 characters. A short sentence is easy to remember.',
  save: 'Save password',
  passwordBad: 'Choose 12 to 128 characters that are not your name or your address.',
  over: 'This took too long',
  overText: 'The sign-in is over, or began in another window. Nothing went wrong: start again.',
  refused: 'Not signed in',
  refusedText: 'The sign-in was stopped. You are not signed in.',
  provider: 'Signing in does not work at the moment',
  providerText: 'The service that checks who you are does not answer. Try again in a minute.',
  unknown: 'You have no access',
  unknownText:
    'Nobody gave {email} access to Stuiver. Ask whoever manages Stuiver to invite this address.',
  unverifiedText:
    'Your organisation did not confirm your e-mail address. Ask whoever manages your account.',
  linkUsed: 'This link no longer works',
  linkUsedText:
    'It was used, replaced by a later one, or is older than seven days. Ask for a new one.',
  again: 'Start again',
} as const;

type Texts = { readonly [Name in keyof typeof EN]: string };

const NL: Texts = {
  signIn: 'Inloggen',
  signInTo: 'Inloggen bij Stuiver',
  email: 'E-mailadres',
  password: 'Wachtwoord',
  wrong: 'E-mailadres en wachtwoord horen niet bij elkaar.',
  wait: 'Te veel pogingen. Wacht {minutes} min en probeer het opnieuw.',
  choose: 'Kies een wachtwoord',
  chooseFor: 'Voor {name} ({email}).',
  chooseHint: 'Minstens 12 tekens. Een korte zin is makkelijk te onthouden.',
  save: 'Wachtwoord bewaren',
  passwordBad: 'Kies 12 tot 128 tekens die niet je naam of je adres zijn.',
  over: 'Dit duurde te lang',
  overText:
    'Het inloggen is verlopen, of begon in een ander venster. Er is niets mis: begin opnieuw.',
  refused: 'Niet ingelogd',
  refusedText: 'Het inloggen is afgebroken. Je bent niet ingelogd.',
  provider: 'Inloggen lukt nu niet',
  providerText: 'De dienst die nagaat wie je bent, antwoordt niet. Probeer het over een minuut.',
  unknown: 'Je hebt geen toegang',
  unknownText:
    'Niemand gaf {email} toegang tot Stuiver. Vraag de beheerder om dit adres uit te nodigen.',
  unverifiedText:
    'Je organisatie heeft je e-mailadres niet bevestigd. Vraag het de beheerder van je account.',
  linkUsed: 'Deze link werkt niet meer',
  linkUsedText:
    'Hij is gebruikt, door een latere vervangen, of ouder dan zeven dagen. Vraag een nieuwe.',
  again: 'Opnieuw beginnen',
};

const TEXTS: Readonly<Record<Lang, Texts>> = { en: EN, nl: NL };

/** `{name}` in a text is filled in. */
export function textOf(
  lang: Lang,
  name: keyof Texts,
  fill: Readonly<Record<string, string>> = {},
): string {
  return TEXTS[lang][name].replaceAll(/\{(\w+)\}/g, (whole, key: string) => fill[key] ?? whole);
}
