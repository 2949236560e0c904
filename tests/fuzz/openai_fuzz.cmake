weir_fuzz_target(openai LIBRARIES weir::provider)
