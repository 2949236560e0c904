weir_fuzz_target(research LIBRARIES weir::prompt)
