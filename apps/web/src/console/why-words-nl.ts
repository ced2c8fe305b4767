import type { CodeWords } from './code-families.js';

/** Why something was refused, for who reads it: by a refusal's `facts.why`. */
export const whyNl: CodeWords['why'] = {
  'review-is-decided': 'Hierover is al besloten.',
  'review-is-over': 'De tijd om te besluiten is voorbij.',
  'month-not-over': 'Deze maand is nog geen uur voorbij.',
  'maker-may-not-approve-prices':
    'Jij hebt deze prijzen voorgesteld. Iemand anders moet ze goedkeuren.',
  'prices-begin-too-soon':
    'Prijzen gaan op zijn vroegst over een minuut in: ze veranderen nooit achteraf.',
  'prices-are-decided': 'Over dit voorstel is al beslist.',
  'prices-begin-together': 'Er begint al een andere versie van deze lijst op hetzelfde moment.',
  'maker-may-not-approve': 'Jij hebt dit bestand gemaakt. Iemand anders moet het goedkeuren.',
  'asker-may-not-approve':
    'Jij hebt deze rekening aangevraagd. Iemand anders van finance moet haar goedkeuren.',
  'payee-change-over': 'Over deze wijziging is al besloten, of ze is verlopen.',
  'payee-changing':
    'Er loopt al een wijziging van deze rekening. Trek die eerst in of besluit erover.',
  'payee-changing-in-batch':
    'Een verkoper in dit bestand heeft een andere rekening aangevraagd. Gooi het weg en maak een nieuw.',
  'other-details': 'De gegevens zijn intussen andere. Laad de pagina opnieuw.',
  'prefunding-needed':
    'De betaalrekening heeft te weinig. Iemand anders van finance moet eerst de voorfinanciering goedkeuren.',
  'second-checker-needed': 'Voor zo’n bedrag is een tweede controleur nodig.',
  'not-an-iban': 'Deze IBAN kan niet bestaan: controleer elk cijfer.',
  'not-a-bank-name': 'Banken kunnen deze naam niet schrijven.',
  'other-file': 'Het bestand is intussen een ander. Laad de pagina opnieuw.',
  'too-late-for-its-day': 'De betaaldag is niet meer te halen. Gooi het weg en maak een nieuw.',
  'psp-pays-merchants': 'De PSP betaalt de verkopers. Er zijn geen betaalbestanden.',
  'other-account': 'Dit afschrift is niet van onze rekening.',
  'days-imported-already': 'Deze dagen zijn al ingelezen.',
  'statement-missing': 'Er ontbreekt een afschrift hiervoor. Lees dat eerst in.',
  'other-opening': 'Het beginsaldo is niet het eindsaldo van het vorige afschrift.',
  'statement-twice':
    'Een ander bestand vertelde al over deze dagen. Dit is geweigerd en staat bij Open posten.',
  'item-closed': 'Deze post is al gesloten. Laad de pagina opnieuw.',
  'unknown-owner': 'Kies iemand die hier voor financiën heeft gewerkt.',
  'says-nothing': 'Er is niets veranderd en niets gezegd.',
  'deadline-over': 'Kies vandaag of een dag daarna.',
  'terms-changed':
    'Iemand heeft de voorwaarden intussen gewijzigd. Laad de pagina opnieuw en bekijk ze eerst.',
  'day-does-not-fit':
    'Kies een dag die bij het schema past: 1 tot 7 in een week, 1 tot 31 in een maand.',
  'nothing-open': 'Er staat niets open om af te rekenen.',
  'month-closed': 'Deze maand is al gesloten.',
  'month-not-over-yet': 'Deze maand is nog niet voorbij.',
  'earlier-month-open': 'Sluit eerst de maand ervoor.',
  'books-do-not-balance': 'Debet en credit verschillen. Zoek eerst uit waarom.',
  'month-changed': 'Er is sindsdien iets geboekt of bijgekomen. Zet de maand opnieuw klaar.',
  'preparer-may-not-close':
    'Jij hebt deze maand klaargezet. Iemand anders van finance moet haar sluiten.',
  'findings-need-a-note': 'Er staat nog iets open. Zeg waarom de maand toch dicht kan.',
  'asker-may-not-write-off':
    'Jij hebt deze afschrijving gevraagd. Iemand anders van finance moet haar goedkeuren.',
  'write-off-over': 'Over deze afschrijving is al besloten.',
  'write-off-asked-already': 'Iemand heeft al gevraagd deze regel af te schrijven.',
  'written-off-stays': 'Deze regel is met twee mensen akkoord afgeschreven. Dat blijft staan.',
  'closes-by-itself': 'Deze post sluit vanzelf als de oorzaak weg is.',
  'in-another-batch': 'Een afrekening zit al in een ander betaalbestand. Laad opnieuw.',
  'line-placed-already': 'Deze bankregel is al geplaatst.',
  'not-matched': 'Deze bankregel heeft geen match meer. Laad de pagina opnieuw.',
  'merchant-was-told':
    'Deze regel gaat over een uitbetaling aan een winkel, en die is het verteld. Deze match blijft staan.',
  'went-back-since':
    'De bank heeft deze uitbetaling weer teruggehaald. Neem eerst die match terug.',
  'paid-on-statement': 'Het afschrift toont deze uitbetaling als betaald.',
  'nothing-to-pay': 'Er is nu niets uit te betalen.',
  'all-held-back': 'Er is nu niets uit te betalen. Dit houdt het tegen:',
  'psp-silent': 'De PSP antwoordt niet. Probeer het zo opnieuw.',
  'ledger-silent': 'Het grootboek antwoordt niet. Wat begonnen is, gaat vanzelf verder.',
};
