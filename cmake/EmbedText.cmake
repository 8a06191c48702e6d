# embed_text(OUT.cpp SYMBOL FILE...) generates a source file that defines
#   const std::span<const EmbeddedText> SYMBOL   (src/ops/embedded.h)
# with the name and the content of each file. Re-run when a file changes.
function(embed_text out symbol)
  set(texts "")
  set(rows "")
  set(count 0)
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    get_filename_component(name ${file} NAME)
    # Compilers limit the length of one literal: split every 12,000 characters; adjacent literals join.
    set(literals "")
    string(LENGTH "${text}" length)
    set(at 0)
    while(at LESS length)
      string(SUBSTRING "${text}" ${at} 12000 piece)
      string(APPEND literals "R\"~~(${piece})~~\"\n")
      math(EXPR at "${at} + 12000")
    endwhile()
    if(NOT literals)
      set(literals "\"\"")
    endif()
    # An array knows its length; finding that of a literal this long passes the compiler's limit for constants.
    string(APPEND texts "static constexpr char text_${count}[] = ${literals};\n")
    string(APPEND rows "    {\"${name}\", {text_${count}, sizeof text_${count} - 1}},\n")
    math(EXPR count "${count} + 1")
  endforeach()
  file(GENERATE OUTPUT ${out} CONTENT "#include \"ops/embedded.h\"
namespace tsrun {
${texts}static constexpr EmbeddedText files[] = {
${rows}};
const std::span<const EmbeddedText> ${symbol} = files;
}  // namespace tsrun
")
endfunction()
