include(${PROJECT_SOURCE_DIR}/shared/embed.cmake)
weir_embed(unit_edge-server weir_config_schema ${PROJECT_SOURCE_DIR}/edge-server/config.schema.json)
