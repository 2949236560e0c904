# Puts a file's bytes into a program:
#
#   weir_embed(<target> <symbol> <file> [<target that makes the file>])
#
# gives `extern "C" const unsigned char <symbol>[], <symbol>_end[];`. The assembler includes the
# file, which costs no compile time whatever its size.
function(weir_embed target symbol file)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}/${symbol}.cpp)
  if(EMSCRIPTEN)
    set(section ".section .rodata.${symbol},\\\"\\\",@\\n")
    set(sizes ".size ${symbol}, ${symbol}_end - ${symbol}\\n.size ${symbol}_end, 1\\n")
  else()
    set(section ".section .rodata\\n")
    set(sizes "")
  endif()
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [=[
__asm__("@section@"
        ".globl @symbol@\n"
        ".globl @symbol@_end\n"
        ".balign 16\n"
        "@symbol@:\n"
        ".incbin \"@file@\"\n"
        "@symbol@_end:\n"
        ".byte 0\n"
        "@sizes@"
        ".text\n");
]=])
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(${target} PRIVATE ${source})
  if(ARGC GREATER 3)
    add_dependencies(${target} ${ARGV3})
  endif()
endfunction()

# The encodings whose vocabularies are built (weir/tokens).
set(weir_encodings cl100k_base o200k_base qwen3)
