include(${PROJECT_SOURCE_DIR}/tests/embed.cmake)
weir_embed_vocabularies(unit_prompt)
target_link_libraries(unit_prompt PRIVATE weir::json weir::retrieval)
