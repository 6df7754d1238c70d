include(GNUInstallDirs)

# One PCH of the headers that most passes include, reused by every library.
function(linrec_use_pch target)
  if(NOT LINREC_PCH)
    return()
  endif()
  if(NOT TARGET LinRecPCH)
    if(NOT EXISTS "${CMAKE_BINARY_DIR}/pch/pch.cpp") # else each configuration rebuilds
      file(WRITE "${CMAKE_BINARY_DIR}/pch/pch.cpp" "")
    endif()
    add_library(LinRecPCH OBJECT "${CMAKE_BINARY_DIR}/pch/pch.cpp")
    target_precompile_headers(LinRecPCH PRIVATE
      <mlir/Dialect/Arith/IR/Arith.h> <mlir/Dialect/Complex/IR/Complex.h>
      <mlir/Dialect/Func/IR/FuncOps.h> <mlir/Dialect/Math/IR/Math.h>
      <mlir/Dialect/MemRef/IR/MemRef.h> <mlir/Dialect/SCF/IR/SCF.h>
      <mlir/Dialect/Tensor/IR/Tensor.h> <mlir/Dialect/Vector/IR/VectorOps.h>
      <mlir/Interfaces/DestinationStyleOpInterface.h> <mlir/Interfaces/TilingInterface.h>
      <mlir/IR/PatternMatch.h> <mlir/Pass/Pass.h>)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      # ccache can then reuse what the PCH was used for.
      target_compile_options(LinRecPCH PRIVATE -Xclang -fno-pch-timestamp)
    endif()
  endif()
  target_precompile_headers(${target} REUSE_FROM LinRecPCH)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
  endif()
endfunction()

# linrec_add_library(Dialect SOURCES ... TABLEGEN LinRecDialectIncGen LINK LinRecAnalysis ...)
# defines the static library LinRecDialect, installed and exported as LinRec::Dialect.
function(linrec_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_MLIR" "" "SOURCES;TABLEGEN;LINK")
  add_library(LinRec${name} STATIC ${arg_SOURCES})
  add_library(LinRec::${name} ALIAS LinRec${name})
  if(arg_TABLEGEN)
    add_dependencies(LinRec${name} ${arg_TABLEGEN})
  endif()
  target_include_directories(LinRec${name} PUBLIC
    $<BUILD_INTERFACE:${LinRec_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${LinRec_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(LinRec${name} PUBLIC ${arg_LINK})
  if(NOT arg_NO_MLIR)
    target_link_libraries(LinRec${name} PUBLIC MLIR LLVM)
    linrec_use_pch(LinRec${name})
  endif()
  target_compile_features(LinRec${name} PUBLIC cxx_std_17)
  set_target_properties(LinRec${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS LinRec${name} EXPORT LinRecTargets)
  set_property(GLOBAL APPEND PROPERTY LINREC_LIBRARIES ${name})
  set_property(GLOBAL APPEND PROPERTY LINREC_TEST_DEPENDS LinRec${name})
endfunction()

# linrec_add_tool(linrec-opt SOURCES ... LINK ...), NO_MLIR for one that stands alone
function(linrec_add_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_MLIR" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  if(NOT arg_NO_MLIR)
    target_link_libraries(${name} PRIVATE MLIR LLVM)
  endif()
  install(TARGETS ${name} EXPORT LinRecTargets)
  set_property(GLOBAL APPEND PROPERTY LINREC_TOOLS ${name})
endfunction()
