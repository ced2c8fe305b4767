export const mini = 1;
