//===- SyntaxBody.cpp - parsing and printing of the ops of a body ---------===//

#include "Syntax.h"
#include "linrec/Dialect/LinRec.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace linrec;
using Delimiter = OpAsmParser::Delimiter;
using Unresolved = OpAsmParser::UnresolvedOperand;

//===----------------------------------------------------------------------===//
// Shared pieces
//===----------------------------------------------------------------------===//

ParseResult syntax::parseDimName(OpAsmParser &parser, StringRef &name,
                                 SMLoc &loc) {
  loc = parser.getCurrentLocation();
  if (failed(parser.parseOptionalKeyword(&name)))
    return parser.emitError(loc, "expected the name of a dim");
  if (name == "reverse")
    return parser.emitError(loc, "'reverse' is a reserved word and cannot "
                                 "name a dim; choose another name (C1)");
  return success();
}

ParseResult
syntax::parseDimNames(OpAsmParser &parser, Delimiter delimiter,
                      function_ref<ParseResult(StringRef, SMLoc)> each) {
  return parser.parseCommaSeparatedList(delimiter, [&]() -> ParseResult {
    StringRef name;
    SMLoc loc;
    return failure(parseDimName(parser, name, loc) || each(name, loc));
  });
}

void syntax::printDimNames(OpAsmPrinter &p, ArrayAttr names) {
  llvm::interleaveComma(names, p, [&](Attribute name) {
    p << cast<StringAttr>(name).getValue();
  });
}

ParseResult syntax::parseDiscardableAttrs(OpAsmParser &parser,
                                          OperationState &result) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOptionalAttrDict(result.attributes))
    return failure();
  for (NamedAttribute attr : result.attributes)
    if (llvm::is_contained(result.name.getAttributeNames(), attr.getName()) ||
        attr.getName() == "operandSegmentSizes")
      return parser.emitError(loc) << "attribute '" << attr.getName().getValue()
                                   << "' is what the syntax of " << result.name
                                   << " spells; choose another name";
  return success();
}

void syntax::printDiscardableAttrs(OpAsmPrinter &p, Operation *op) {
  p.printOptionalAttrDict(llvm::to_vector(op->getDiscardableAttrs()));
}

//===----------------------------------------------------------------------===//
// linrec.reduce
//===----------------------------------------------------------------------===//

ParseResult ReduceOp::parse(OpAsmParser &parser, OperationState &result) {
  auto &props = result.getOrAddProperties<Properties>();
  StringRef kind;
  Unresolved value;
  SmallVector<Attribute> over;
  auto addOver = [&](StringRef name, SMLoc) -> ParseResult {
    over.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  };
  Type type;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&kind))
    return failure();
  std::optional<ReduceKind> parsed = symbolizeReduceKind(kind);
  if (!parsed) // C10
    return parser.emitError(loc) << "unknown reduction '" << kind
                                 << "', expected add, mul, max, min or "
                                    "logaddexp (C10)";
  if (parser.parseOperand(value) || parser.parseKeyword("over") ||
      syntax::parseDimNames(parser, Delimiter::Paren, addOver) ||
      syntax::parseDiscardableAttrs(parser, result) ||
      parser.parseColonType(type) ||
      parser.resolveOperand(value, type, result.operands))
    return failure();
  props.kind = ReduceKindAttr::get(parser.getContext(), *parsed);
  props.over = parser.getBuilder().getArrayAttr(over);
  result.addTypes(type);
  return success();
}

void ReduceOp::print(OpAsmPrinter &p) {
  p << " " << stringifyReduceKind(getKind()) << " " << getValue() << " over(";
  syntax::printDimNames(p, getOver());
  p << ")";
  p.printOptionalAttrDict(llvm::to_vector((*this)->getDiscardableAttrs()));
  p << " : " << getType();
}

//===----------------------------------------------------------------------===//
// linrec.at
//===----------------------------------------------------------------------===//

/// Parses `dim = base`, `dim = base + 1`, `dim = base - 1` or `dim = 0`.
static ParseResult parseSubstitution(OpAsmParser &parser, StringRef &dim,
                                     StringRef &base, int64_t &offset) {
  SMLoc loc;
  if (syntax::parseDimName(parser, dim, loc) || parser.parseEqual())
    return failure();
  OptionalParseResult constant = parser.parseOptionalInteger(offset);
  if (constant.has_value())
    return *constant;
  if (syntax::parseDimName(parser, base, loc))
    return failure();
  if (succeeded(parser.parseOptionalPlus()))
    return parser.parseInteger(offset);
  if (failed(parser.parseOptionalMinus()))
    return success();
  if (parser.parseInteger(offset))
    return failure();
  offset = int64_t(-uint64_t(offset)); // C11 bounds it
  return success();
}

ParseResult AtOp::parse(OpAsmParser &parser, OperationState &result) {
  auto &props = result.getOrAddProperties<Properties>();
  Builder &builder = parser.getBuilder();
  SmallVector<Attribute> dims, bases;
  SmallVector<int64_t> offsets;
  auto parseNext = [&]() -> ParseResult {
    StringRef dim, base;
    int64_t offset = 0;
    if (parseSubstitution(parser, dim, base, offset))
      return failure();
    dims.push_back(builder.getStringAttr(dim));
    bases.push_back(builder.getStringAttr(base));
    offsets.push_back(offset);
    return success();
  };
  Unresolved value, elseValue;
  Type type;
  if (parser.parseOperand(value) ||
      parser.parseCommaSeparatedList(Delimiter::Square, parseNext))
    return failure();
  bool hasElse = succeeded(parser.parseOptionalKeyword("else"));
  if ((hasElse && parser.parseOperand(elseValue)) ||
      syntax::parseDiscardableAttrs(parser, result) ||
      parser.parseColonType(type) ||
      parser.resolveOperand(value, type, result.operands) ||
      (hasElse && parser.resolveOperand(elseValue, type, result.operands)))
    return failure();
  props.dims = builder.getArrayAttr(dims);
  props.bases = builder.getArrayAttr(bases);
  props.offsets = builder.getDenseI64ArrayAttr(offsets);
  result.addTypes(type);
  return success();
}

void AtOp::print(OpAsmPrinter &p) {
  p << " " << getValue() << "[";
  llvm::interleaveComma(llvm::seq(getNumSubstitutions()), p, [&](unsigned k) {
    int64_t offset = getOffset(k);
    p << getDim(k) << " = " << getBase(k);
    if (getBase(k).empty())
      p << offset;
    else if (offset)
      p << (offset < 0 ? " - " : " + ") << (offset < 0 ? -offset : offset);
  });
  p << "]";
  if (getElseValue())
    p << " else " << getElseValue();
  p.printOptionalAttrDict(llvm::to_vector((*this)->getDiscardableAttrs()));
  p << " : " << getType();
}

LogicalResult AtOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                     ValueRange operands, DictionaryAttr,
                                     OpaqueProperties, RegionRange,
                                     SmallVectorImpl<Type> &types) {
  types.push_back(operands.front().getType());
  return success();
}

//===----------------------------------------------------------------------===//
// linrec.index
//===----------------------------------------------------------------------===//

ParseResult IndexOp::parse(OpAsmParser &parser, OperationState &result) {
  StringRef dim;
  SMLoc loc;
  Type type;
  if (parser.parseLParen() || syntax::parseDimName(parser, dim, loc) ||
      parser.parseRParen() || syntax::parseDiscardableAttrs(parser, result) ||
      parser.parseColonType(type))
    return failure();
  result.getOrAddProperties<Properties>().dim =
      parser.getBuilder().getStringAttr(dim);
  result.addTypes(type);
  return success();
}

void IndexOp::print(OpAsmPrinter &p) {
  p << "(" << getDim() << ")";
  p.printOptionalAttrDict(llvm::to_vector((*this)->getDiscardableAttrs()));
  p << " : " << getType();
}
