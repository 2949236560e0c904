weir_fuzz_target(vocabulary LIBRARIES weir::tokens)
