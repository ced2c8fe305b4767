import { PaySheet } from '@stuiver/host';
import { api, language } from '../state.js';

/** The app's one pay sheet; it is made when it is first needed. */
export function paySheet(): PaySheet {
  const found = document.querySelector('stuiver-sheet');
  const sheet = found instanceof PaySheet ? found : new PaySheet();
  if (found === null) document.body.append(sheet);
  sheet.api = api;
  sheet.language = language.value;
  return sheet;
}
