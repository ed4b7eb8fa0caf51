# libmarktwacht_gate: what an exchange links to ask the gate (include/marktwacht/gate.h), as a
# shared and a static library, and the example program that tries it.
include(GNUInstallDirs)

set(sources base/check.cc base/decimal.cc base/int128.cc base/sha256.cc base/hmac.cc
            base/network.cc base/token.cc gate/question.cc gate/judgement.cc gate/table_reader.cc
            edges/gate/gate_file.cc edges/gate/gate_reader.cc edges/gate/c_gate.cc)
list(TRANSFORM sources PREPEND ${CMAKE_SOURCE_DIR}/src/)
add_library(marktwacht_gate SHARED ${sources})
add_library(marktwacht_gate_static STATIC ${sources})
foreach(library marktwacht_gate marktwacht_gate_static)
  target_link_libraries(${library} PRIVATE mw_flags OpenSSL::Crypto)
  target_include_directories(${library} PUBLIC ${CMAKE_SOURCE_DIR}/include)
  # Others link it, with whatever compiler they have.
  set_target_properties(${library} PROPERTIES OUTPUT_NAME marktwacht_gate VERSION 1 SOVERSION 1
                        POSITION_INDEPENDENT_CODE ON INTERPROCEDURAL_OPTIMIZATION OFF
                        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endforeach()
if(NOT MARKTWACHT_SANITIZE)
  target_link_options(marktwacht_gate PRIVATE -static-libstdc++ -static-libgcc
                      LINKER:--exclude-libs,ALL LINKER:--no-undefined)
endif()
install(TARGETS marktwacht_gate marktwacht_gate_static)
install(FILES ${CMAKE_SOURCE_DIR}/include/marktwacht/gate.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/marktwacht)

if(MARKTWACHT_TESTS)
  add_executable(gate_example ${CMAKE_SOURCE_DIR}/examples/gate/gate.c)
  target_link_libraries(gate_example PRIVATE marktwacht_gate)
  target_compile_options(gate_example PRIVATE -std=c11 -Wall -Wextra -Wpedantic -Werror)
  add_dependencies(edges_gate_tests gate_example marktwacht_gate)
  target_compile_definitions(edges_gate_tests PRIVATE
                             GATE_EXAMPLE="$<TARGET_FILE:gate_example>"
                             GATE_LIBRARY="$<TARGET_FILE:marktwacht_gate>"
                             GATE_PYTHON_EXAMPLE="${CMAKE_SOURCE_DIR}/examples/gate/gate.py")
  if(MARKTWACHT_SANITIZE)
    # Python itself is not built for a sanitizer.
    target_compile_definitions(edges_gate_tests PRIVATE GATE_SANITIZED)
  endif()
endif()
