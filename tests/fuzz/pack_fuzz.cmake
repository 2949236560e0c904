weir_fuzz_target(pack LIBRARIES weir::retrieval)
