# mw_embed(<folder> <file.cc>): the files of a folder as embedded_files() of
# src/edges/http/static_files.h, made anew whenever one changes. A folder that does not exist gives
# none.
function(mw_embed folder out)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
  add_custom_command(
    OUTPUT ${out}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/embed-files ${folder} ${out}
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/tools/embed-files
    COMMENT "Embedding ${folder}" VERBATIM)
endfunction()
