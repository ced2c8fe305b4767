export const module_ = 1;
