/** Compiles the AssemblyScript kernels into dist. */
