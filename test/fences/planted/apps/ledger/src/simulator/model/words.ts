export const word = 'floor';
