include(${PROJECT_SOURCE_DIR}/tests/embed.cmake)
weir_fuzz_target(tokens LIBRARIES weir::tokens)
weir_embed_vocabularies(fuzz_tokens)
