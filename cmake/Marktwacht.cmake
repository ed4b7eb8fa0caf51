# How a folder becomes a library with its tests and fuzz targets beside it.
include(GoogleTest)

add_library(mw_flags INTERFACE)
set(gcc_release $<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>)
target_compile_options(mw_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                       -ffp-contract=off
                       # GCC 12 warns of any "text" + std::string at -O3 (its bug 105651).
                       $<${gcc_release}:-Wno-restrict>
                       # It reads two neighbours that were just written as one: that waits until
                       # both have left the store buffer, behind all that was written before them to
                       # memory that must still come.
                       $<${gcc_release}:-fno-tree-slp-vectorize>)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  # It clears 100 bytes by `rep stos`, which waits likewise.
  set(clear_by_stores -mmemset-strategy=unrolled_loop:256:noalign,libcall:-1:noalign)
  target_compile_options(mw_flags INTERFACE $<${gcc_release}:${clear_by_stores}>)
endif()
target_include_directories(mw_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(MARKTWACHT_WERROR)
  target_compile_options(mw_flags INTERFACE -Werror)
endif()
if(MARKTWACHT_NATIVE)
  target_compile_options(mw_flags INTERFACE -march=native)
endif()
if(MARKTWACHT_SANITIZE)
  target_compile_options(mw_flags INTERFACE -fsanitize=${MARKTWACHT_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mw_flags INTERFACE -fsanitize=${MARKTWACHT_SANITIZE})
endif()
if(MARKTWACHT_FUZZ)
  target_compile_options(mw_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
find_program(MW_MOLD mold)
if(MW_MOLD)
  target_link_options(mw_flags INTERFACE -fuse-ld=mold)
endif()

# What most files read first is read once and kept. A precompiled header may hide that a file lacks
# an include: the release preset builds without.
if(MARKTWACHT_PRECOMPILE)
  target_compile_options(mw_flags INTERFACE -fpch-preprocess)  # for ccache
  foreach(kind std market test market_test)
    add_library(mw_first_${kind} OBJECT ${CMAKE_SOURCE_DIR}/cmake/first/first.cc)
    target_link_libraries(mw_first_${kind} PRIVATE mw_flags
                          $<$<IN_LIST:${kind},test;market_test>:GTest::gtest>)
    target_include_directories(mw_first_${kind} PRIVATE ${CMAKE_SOURCE_DIR}/cmake)
    target_precompile_headers(mw_first_${kind} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/first/${kind}.h)
  endforeach()
endif()
# mw_read_first(<target> <std|market|test|market_test>)
function(mw_read_first target kind)
  if(MARKTWACHT_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM mw_first_${kind})
    if(kind MATCHES test)
      # g++ 12 takes strings that come out of a precompiled header to be out of bounds.
      target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overread)
    endif()
  endif()
endfunction()

# mw_folder(<folder below src> LINK <targets>): library mw_<folder>, and from the files beside it
# the test program <folder>_tests (x_test.cc, x_twin.cc) and one fuzz program for each x_fuzz.cc.
# TWINS <folders>: its tests use the twins of these folders too. SOURCES <files>: made elsewhere.
function(mw_folder folder)
  cmake_parse_arguments(ARG "" "" "LINK;TWINS;SOURCES" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  set(dir ${CMAKE_SOURCE_DIR}/src/${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cc)
  file(GLOB tests CONFIGURE_DEPENDS ${dir}/*_test.cc)
  file(GLOB fuzzers CONFIGURE_DEPENDS ${dir}/*_fuzz.cc)
  file(GLOB twins CONFIGURE_DEPENDS ${dir}/*_twin.cc)
  list(REMOVE_ITEM sources ${tests} ${fuzzers} ${twins} "")
  set(own_twins ${twins})  # those of other folders may need the test library
  foreach(other ${ARG_TWINS})
    file(GLOB others CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${other}/*_twin.cc)
    list(APPEND twins ${others})
  endforeach()
  list(APPEND sources ${ARG_SOURCES})
  # Who links any of these knows the market; others must not see its names.
  set(first std)
  set(first_of_tests test)
  if(ARG_LINK MATCHES "mw_(market|findings|alerts|cases|measures|rules|engine|app)" OR
     folder STREQUAL "market")
    set(first market)
    set(first_of_tests market_test)
  endif()
  if(sources)
    add_library(mw_${name} STATIC ${sources})
    target_link_libraries(mw_${name} PUBLIC mw_flags ${ARG_LINK})
    mw_read_first(mw_${name} ${first})
  else()
    add_library(mw_${name} INTERFACE)
    target_link_libraries(mw_${name} INTERFACE mw_flags ${ARG_LINK})
  endif()
  if(MARKTWACHT_TESTS AND tests)
    add_executable(${name}_tests ${tests} ${twins})
    target_link_libraries(${name}_tests PRIVATE mw_${name} GTest::gtest_main)
    mw_read_first(${name}_tests ${first_of_tests})
    # For tests of files that users are given.
    target_compile_definitions(${name}_tests
                               PRIVATE MARKTWACHT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    # Asked for its tests when ctest starts, so that a build never depends on running them.
    gtest_discover_tests(${name}_tests TEST_PREFIX ${folder}/ DISCOVERY_MODE PRE_TEST
                         DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
  endif()
  if(MARKTWACHT_FUZZ)
    foreach(source ${fuzzers})
      get_filename_component(fuzzer ${source} NAME_WE)
      add_executable(${fuzzer} ${source} ${own_twins})
      target_link_libraries(${fuzzer} PRIVATE mw_${name} -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()
