include(${PROJECT_SOURCE_DIR}/tests/embed.cmake)
weir_embed_vocabularies(unit_tokens)
weir_embed(unit_tokens weir_token_vectors ${PROJECT_SOURCE_DIR}/tests/data/tokens/vectors.jsonl)
target_link_libraries(unit_tokens PRIVATE weir::json)
