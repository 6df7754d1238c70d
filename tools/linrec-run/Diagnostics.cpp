//===- Diagnostics.cpp - diagnostics as one line --------------------------===//

#include "Diagnostics.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace linrec;

/// "file.mlir:3:5: message", the first line of it.
static std::string format(Diagnostic &diagnostic) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto place = diagnostic.getLocation()->findInstanceOf<FileLineColLoc>())
    os << place.getFilename().getValue() << ':' << place.getLine() << ':'
       << place.getColumn() << ": ";
  os << diagnostic;
  return StringRef(text).split('\n').first.str();
}

FirstError::FirstError(MLIRContext *context)
    : handler(context, [this](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == DiagnosticSeverity::Error &&
            text.empty())
          text = format(diagnostic);
        return success();
      }) {}

llvm::Error FirstError::get(const Twine &otherwise) const {
  if (text.empty())
    return llvm::createStringError(otherwise);
  return llvm::createStringError(text);
}
