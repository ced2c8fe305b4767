import { floor } from '../../domain/floor.js';
import { word } from './words.js';

export const said = `${word} ${String(floor)}`;
