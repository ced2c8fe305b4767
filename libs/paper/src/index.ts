export { type Paper, paperBytes, paperStream, type PaperTable } from './paper.js';
export { amountText, dayText, monthText, type PaperLanguage } from './texts.js';
