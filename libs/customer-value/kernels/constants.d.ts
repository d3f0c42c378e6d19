/** Whether eight rows of a product are kept in registers; said to the compiler by scripts/build-kernels.mjs. */
declare const EIGHT_ROWS: bool;
