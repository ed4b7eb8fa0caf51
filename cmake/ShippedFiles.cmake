# mw_shipped_rows(<out> <folder> <extension>): the files of a folder and of those in it as rows
# {"name", R"(text)"} of an array, by name: the path in the folder without the extension. A file
# that changes is read anew.
function(mw_shipped_rows out folder extension)
  file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.${extension})
  list(TRANSFORM names REPLACE "\\.${extension}$" "")
  list(SORT names)
  set(rows "")
  foreach(name ${names})
    set(path ${folder}/${name}.${extension})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} text)
    string(APPEND rows "    {\"${name}\", R\"mw(${text})mw\"},\n")
  endforeach()
  set(${out} "${rows}" PARENT_SCOPE)
endfunction()
