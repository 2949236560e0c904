weir_fuzz_target(extract LIBRARIES weir::provider)
