include(${PROJECT_SOURCE_DIR}/tests/embed.cmake)
weir_embed_vocabularies(unit_relay)
