# The token vocabularies inside the native programs, so that each is one file.
include(${PROJECT_SOURCE_DIR}/shared/embed.cmake)

add_library(weir_edge_vocabularies STATIC ${CMAKE_CURRENT_LIST_DIR}/vocabularies.cpp)
target_include_directories(weir_edge_vocabularies PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(weir_edge_vocabularies PUBLIC weir::tokens PRIVATE weir_warnings)
foreach(encoding ${weir_encodings})
  weir_embed(weir_edge_vocabularies weir_edge_${encoding}
    ${CMAKE_BINARY_DIR}/vocabularies/${encoding}.bin weir_vocabularies)
endforeach()
