weir_fuzz_target(intake LIBRARIES weir::retrieval)
