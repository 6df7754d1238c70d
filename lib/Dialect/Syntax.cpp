//===- Syntax.cpp - parsing and printing of linrec ops --------------------===//
//
// The grammar of docs/Spec.md. Names of dims are kept as attributes and names
// of block arguments in `arg_names`, so that they survive every pass and can
// be used in messages.
//
//===----------------------------------------------------------------------===//

#include "linrec/Dialect/LinRec.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace linrec;
using Delimiter = OpAsmParser::Delimiter;
using Unresolved = OpAsmParser::UnresolvedOperand;

static ParseResult parseDimNames(OpAsmParser &parser,
                                 SmallVectorImpl<Attribute> &names,
                                 Delimiter delimiter) {
  return parser.parseCommaSeparatedList(delimiter, [&]() -> ParseResult {
    StringRef name;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&name))
      return failure();
    if (name == "reverse")
      return parser.emitError(loc, "'reverse' is a reserved word and cannot "
                                   "name a dim; choose another name");
    names.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  });
}

static void printDimNames(OpAsmPrinter &p, ArrayAttr names) {
  llvm::interleaveComma(names, p, [&](Attribute name) {
    p << cast<StringAttr>(name).getValue();
  });
}

//===----------------------------------------------------------------------===//
// linrec.recurrence
//===----------------------------------------------------------------------===//

namespace {
/// What one of the lists ins(...), states(...), outs(...) said.
struct BindingList {
  SmallVector<Unresolved> operands;
  SmallVector<Type> types;
  SmallVector<Attribute> maps;
};

class RecurrenceParser {
public:
  RecurrenceParser(OpAsmParser &parser, OperationState &result)
      : parser(parser), builder(parser.getBuilder()), result(result) {}
  ParseResult parse();

private:
  ParseResult parseHeader();
  ParseResult parsePacked();
  /// Parses `(%arg = %value[dims] : type [as type], ...)`.
  ParseResult parseBindings(BindingList &list, bool bindsArgument);
  ParseResult parseIndexList(SMLoc loc, SmallVectorImpl<int64_t> &indices);
  ParseResult findDim(SMLoc loc, StringRef name, int64_t &dim);
  ParseResult parseBody();

  OpAsmParser &parser;
  Builder &builder;
  OperationState &result;
  SmallVector<Attribute> dims;
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Attribute> argumentNames;
};
} // namespace

ParseResult RecurrenceParser::findDim(SMLoc loc, StringRef name,
                                      int64_t &dim) {
  auto *it = llvm::find(dims, builder.getStringAttr(name));
  if (it == dims.end()) // C2
    return parser.emitError(loc)
           << "unknown dim '" << name
           << "': every dim is named in dims(...) (C2)";
  dim = it - dims.begin();
  return success();
}

ParseResult RecurrenceParser::parseHeader() {
  StringRef time;
  SMLoc timeLoc;
  int64_t timeDim;
  if (parser.parseKeyword("dims") ||
      parseDimNames(parser, dims, Delimiter::Paren) ||
      parser.parseKeyword("time") || parser.parseLParen())
    return failure();
  auto &props = result.getOrAddProperties<RecurrenceOp::Properties>();
  if (succeeded(parser.parseOptionalKeyword("reverse")))
    props.reverse = builder.getUnitAttr();
  timeLoc = parser.getCurrentLocation();
  if (parser.parseKeyword(&time) || parser.parseRParen() ||
      findDim(timeLoc, time, timeDim))
    return failure();
  props.dims = builder.getArrayAttr(dims);
  props.time = builder.getI64IntegerAttr(timeDim);
  return success();
}

ParseResult RecurrenceParser::parseIndexList(SMLoc loc,
                                             SmallVectorImpl<int64_t> &indices) {
  SmallVector<Attribute> names;
  if (parseDimNames(parser, names, Delimiter::OptionalSquare))
    return failure();
  for (Attribute name : names) {
    int64_t dim;
    if (findDim(loc, cast<StringAttr>(name).getValue(), dim))
      return failure();
    indices.push_back(dim);
  }
  return success();
}

ParseResult RecurrenceParser::parseBindings(BindingList &list,
                                            bool bindsArgument) {
  return parser.parseCommaSeparatedList(Delimiter::Paren, [&]() -> ParseResult {
    OpAsmParser::Argument argument;
    Unresolved operand;
    SmallVector<int64_t> indices;
    Type type;
    if (bindsArgument &&
        (parser.parseArgument(argument) || parser.parseEqual()))
      return failure();
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseOperand(operand) || parseIndexList(loc, indices) ||
        parser.parseColonType(type))
      return failure();
    Type element = getElementTypeOrSelf(type);
    if (bindsArgument) {
      if (succeeded(parser.parseOptionalKeyword("as")) &&
          parser.parseType(element))
        return failure();
      argument.type = element;
      arguments.push_back(argument);
      argumentNames.push_back(
          builder.getStringAttr(argument.ssaName.name.drop_front()));
    }
    list.operands.push_back(operand);
    list.types.push_back(type);
    list.maps.push_back(builder.getDenseI64ArrayAttr(indices));
    return success();
  });
}

ParseResult RecurrenceParser::parseBody() {
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, arguments, /*enableNameShadowing=*/true)) {
    // C13: MLIR's own message says only that the name is undeclared.
    return parser.emitError(
        parser.getCurrentLocation(),
        "in the body of this recurrence; a body sees only its ins and states: "
        "bind a value with ins(%name = %value[...] : type) (C13)");
  }
  return success();
}

ParseResult RecurrenceParser::parse() {
  if (parseHeader())
    return failure();
  auto &props = result.getOrAddProperties<RecurrenceOp::Properties>();
  std::optional<Unresolved> bounds;
  Type boundsType;
  SMLoc loc = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalKeyword("packed"))) {
    StringRef name;
    int64_t dim;
    bounds.emplace();
    if (parser.parseLParen() || parser.parseKeyword(&name) ||
        findDim(loc, name, dim) || parser.parseKeyword("by") ||
        parser.parseOperand(*bounds) || parser.parseColonType(boundsType) ||
        parser.parseRParen())
      return failure();
    props.packed = builder.getI64IntegerAttr(dim);
  }
  BindingList ins, states, outs;
  if ((succeeded(parser.parseOptionalKeyword("ins")) &&
       parseBindings(ins, /*bindsArgument=*/true)) ||
      (succeeded(parser.parseOptionalKeyword("states")) &&
       parseBindings(states, /*bindsArgument=*/true)) ||
      (succeeded(parser.parseOptionalKeyword("outs")) &&
       parseBindings(outs, /*bindsArgument=*/false)))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("attributes")) &&
      parser.parseOptionalAttrDict(result.attributes))
    return failure();

  props.in_maps = builder.getArrayAttr(ins.maps);
  props.out_maps = builder.getArrayAttr(outs.maps);
  props.state_maps = builder.getArrayAttr(states.maps);
  props.arg_names = builder.getArrayAttr(argumentNames);
  props.operandSegmentSizes = {int32_t(ins.operands.size()), bounds ? 1 : 0,
                               int32_t(outs.operands.size()),
                               int32_t(states.operands.size())};
  if (parser.resolveOperands(ins.operands, ins.types, loc, result.operands) ||
      (bounds && parser.resolveOperand(*bounds, boundsType, result.operands)) ||
      parser.resolveOperands(outs.operands, outs.types, loc, result.operands) ||
      parser.resolveOperands(states.operands, states.types, loc,
                             result.operands))
    return failure();
  for (Type type : llvm::concat<Type>(outs.types, states.types))
    if (isa<RankedTensorType>(type))
      result.addTypes(type);
  return parseBody();
}

ParseResult RecurrenceOp::parse(OpAsmParser &parser, OperationState &result) {
  return RecurrenceParser(parser, result).parse();
}

static void printBindings(OpAsmPrinter &p, StringRef keyword, RecurrenceOp op,
                          OperandRange operands,
                          function_ref<ArrayRef<int64_t>(unsigned)> map,
                          function_ref<Value(unsigned)> argument) {
  if (operands.empty())
    return;
  p.printNewline();
  p << "    " << keyword << "(";
  for (auto [i, operand] : llvm::enumerate(operands)) {
    if (i)
      p << ", ";
    Value arg = argument(i);
    if (arg)
      p << arg << " = ";
    p << operand;
    if (isa<ShapedType>(operand.getType())) {
      p << "[";
      llvm::interleaveComma(map(i), p,
                            [&](int64_t dim) { p << op.getDimName(dim); });
      p << "]";
    }
    p << " : " << operand.getType();
    if (arg && arg.getType() != getElementTypeOrSelf(operand.getType()))
      p << " as " << arg.getType();
  }
  p << ")";
}

void RecurrenceOp::print(OpAsmPrinter &p) {
  p << " dims(";
  printDimNames(p, getDims());
  p << ") time(" << (getReverse() ? "reverse " : "")
    << getDimName(getTimeDim()) << ")";
  if (auto dim = getPackedDim())
    p << " packed(" << getDimName(*dim) << " by " << getBounds() << " : "
      << getBounds().getType() << ")";
  printBindings(
      p, "ins", *this, getIns(), [&](unsigned i) { return getInDims(i); },
      [&](unsigned i) { return getInArg(i); });
  printBindings(
      p, "states", *this, getStates(),
      [&](unsigned i) { return getStateDims(i); },
      [&](unsigned i) { return getStateArg(i); });
  printBindings(
      p, "outs", *this, getOuts(), [&](unsigned i) { return getOutDims(i); },
      [&](unsigned) { return Value(); });
  if (!(*this)->getDiscardableAttrDictionary().empty()) {
    p.printNewline();
    p << "    attributes";
    p.printOptionalAttrDict(
      llvm::to_vector((*this)->getDiscardableAttrs()));
  }
  p << " ";
  p.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

void RecurrenceOp::getAsmBlockArgumentNames(Region &region,
                                            OpAsmSetValueNameFn setName) {
  for (auto [arg, name] : llvm::zip(region.getArguments(), getArgNames()))
    setName(arg, cast<StringAttr>(name).getValue());
}

//===----------------------------------------------------------------------===//
// Ops of the body
//===----------------------------------------------------------------------===//

ParseResult ReduceOp::parse(OpAsmParser &parser, OperationState &result) {
  auto &props = result.getOrAddProperties<Properties>();
  StringRef kind;
  Unresolved value;
  SmallVector<Attribute> over;
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
      parseDimNames(parser, over, Delimiter::Paren) ||
      parser.parseOptionalAttrDict(result.attributes) ||
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
  printDimNames(p, getOver());
  p << ")";
  p.printOptionalAttrDict(
      llvm::to_vector((*this)->getDiscardableAttrs()));
  p << " : " << getType();
}

ParseResult AtOp::parse(OpAsmParser &parser, OperationState &result) {
  auto &props = result.getOrAddProperties<Properties>();
  Builder &builder = parser.getBuilder();
  SmallVector<Attribute> dims, bases;
  SmallVector<int64_t> offsets;
  auto parseSubstitution = [&]() -> ParseResult {
    StringRef dim, base;
    int64_t offset = 0;
    if (parser.parseKeyword(&dim) || parser.parseEqual())
      return failure();
    if (failed(parser.parseOptionalKeyword(&base))) {
      if (parser.parseInteger(offset))
        return failure();
    } else if (succeeded(parser.parseOptionalPlus())) {
      if (parser.parseInteger(offset))
        return failure();
    } else if (succeeded(parser.parseOptionalMinus())) {
      if (parser.parseInteger(offset))
        return failure();
      offset = -offset;
    }
    dims.push_back(builder.getStringAttr(dim));
    bases.push_back(builder.getStringAttr(base));
    offsets.push_back(offset);
    return success();
  };
  Unresolved value, elseValue;
  Type type;
  if (parser.parseOperand(value) ||
      parser.parseCommaSeparatedList(Delimiter::Square, parseSubstitution))
    return failure();
  bool hasElse = succeeded(parser.parseOptionalKeyword("else"));
  if ((hasElse && parser.parseOperand(elseValue)) ||
      parser.parseOptionalAttrDict(result.attributes) ||
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
      p << (offset < 0 ? " - " : " + ") << std::abs(offset);
  });
  p << "]";
  if (getElseValue())
    p << " else " << getElseValue();
  p.printOptionalAttrDict(
      llvm::to_vector((*this)->getDiscardableAttrs()));
  p << " : " << getType();
}

LogicalResult AtOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                     ValueRange operands, DictionaryAttr,
                                     OpaqueProperties, RegionRange,
                                     SmallVectorImpl<Type> &types) {
  types.push_back(operands.front().getType());
  return success();
}

ParseResult IndexOp::parse(OpAsmParser &parser, OperationState &result) {
  StringRef dim;
  Type type;
  if (parser.parseLParen() || parser.parseKeyword(&dim) ||
      parser.parseRParen() || parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseColonType(type))
    return failure();
  result.getOrAddProperties<Properties>().dim =
      parser.getBuilder().getStringAttr(dim);
  result.addTypes(type);
  return success();
}

void IndexOp::print(OpAsmPrinter &p) {
  p << "(" << getDim() << ")";
  p.printOptionalAttrDict(
      llvm::to_vector((*this)->getDiscardableAttrs()));
  p << " : " << getType();
}
