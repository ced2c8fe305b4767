export { Money } from './money.js';
export { CURRENCIES, isCurrency, minorDigitsOf, type Currency } from './currency.js';
export { Rate } from './rate.js';
export { MINOR_TEXT, minorOf, type MinorText } from './minor-text.js';
