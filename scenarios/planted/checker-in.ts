/** Who saw a failure: `I5 one venue order` of `I5 one venue order at 17: …`; what is no checker's finding is told whole. */
export const checkerIn = (failure: string): string => /^(.+?) at (?:rest|\d+):/.exec(failure)?.[1] ?? failure;
