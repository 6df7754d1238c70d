//===- Arguments.cpp - arrays from the words of a command line ------------===//

#include "linrec/Run/Arguments.h"
#include "Scalars.h"
#include "linrec/Run/Generate.h"
#include "linrec/Run/Npy.h"
#include "linrec/Run/Safetensors.h"
#include "linrec/Run/Wav.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace linrec;

llvm::Expected<ArgumentType> linrec::getArgumentType(Type type) {
  ArgumentType result;
  Type element = type;
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    element = shaped.getElementType();
    if (!shaped.hasRank() || !isa<RankedTensorType, MemRefType>(shaped))
      element = Type();
    else
      result.shape.assign(shaped.getShape().begin(), shaped.getShape().end());
  }
  std::optional<ElementType> elementType;
  if (element)
    elementType = getElementType(element);
  if (auto memref = dyn_cast<MemRefType>(type); memref && elementType) {
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(memref.getStridesAndOffset(strides, offset)) ||
        (!ShapedType::isDynamic(offset) && offset != 0))
      elementType = std::nullopt;
    result.strides.assign(strides.begin(), strides.end());
  }
  if (!elementType) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return llvm::createStringError(
        "type " + text +
        " cannot be passed from the command line; expected a "
        "scalar, tensor or memref of f16, bf16, f32, f64, complex<f32|f64>, "
        "i1, i8, i16, i32, i64 or index, without an offset");
  }
  result.type = *elementType;
  return result;
}

/// "?x16xf32", as the signature has it.
static std::string formatType(const ArgumentType &type) {
  std::string text;
  for (int64_t extent : type.shape)
    text +=
        (ShapedType::isDynamic(extent) ? "?" : std::to_string(extent)) + "x";
  return text + getName(type.type).str();
}

static bool fits(ArrayRef<int64_t> shape, const ArgumentType &type) {
  return shape.size() == type.shape.size() &&
         llvm::all_of(llvm::zip(shape, type.shape), [](auto pair) {
           auto [extent, expected] = pair;
           return ShapedType::isDynamic(expected) || extent == expected;
         });
}

static llvm::Error checkShape(ArrayRef<int64_t> shape,
                              const ArgumentType &type) {
  if (fits(shape, type)) {
    int64_t stride = 1;
    for (size_t i = type.strides.size(); i-- > 0; stride *= shape[i])
      if (!ShapedType::isDynamic(type.strides[i]) && shape[i] > 1 &&
          type.strides[i] != stride)
        return llvm::createStringError(
            "is row-major, but the signature's layout has stride " +
            Twine(type.strides[i]) + " in dim " + Twine(i) + ", expected " +
            Twine(stride) + "; declare it without a layout");
    return llvm::Error::success();
  }
  return llvm::createStringError("has shape " + formatShape(type.type, shape) +
                                 ", but the signature says " +
                                 formatType(type));
}

/// "4x128"; nothing at all is rank 0.
static bool parseShape(StringRef text, SmallVectorImpl<int64_t> &shape) {
  if (text.empty())
    return true;
  SmallVector<StringRef> parts;
  text.split(parts, 'x');
  for (StringRef part : parts) {
    int64_t extent;
    if (part.getAsInteger(10, extent) || extent < 0)
      return false;
    shape.push_back(extent);
  }
  return true;
}

/// "(-1,1)", or nothing for (0,1).
static bool parseBounds(StringRef text, Generator &generator) {
  if (text.empty())
    return true;
  if (!text.consume_front("(") || !text.consume_back(")"))
    return false;
  auto [low, high] = text.split(',');
  // Draws of such bounds, and their difference, are exact enough as integers.
  constexpr double kLimit = 0x1p62;
  return !low.trim().getAsDouble(generator.low) &&
         !high.trim().getAsDouble(generator.high) && generator.low >= -kLimit &&
         generator.high <= kLimit && generator.low <= generator.high;
}

/// Recognises `name:shape`. Nothing if `word` is no generator at all.
static std::optional<llvm::Expected<Array>> generate(StringRef word,
                                                     unsigned position,
                                                     const ArgumentType &type,
                                                     uint64_t seed) {
  auto [name, shapeText] = word.split(':');
  if (name.size() == word.size())
    return std::nullopt;
  Generator generator;
  if (name == "zeros")
    generator.kind = Generator::Kind::Zeros;
  else if (name == "ones")
    generator.kind = Generator::Kind::Ones;
  else if (name == "normal")
    generator.kind = Generator::Kind::Normal;
  else if (name == "iota")
    generator.kind = Generator::Kind::Iota;
  else if (name.consume_front("uniform"))
    generator.kind = Generator::Kind::Uniform;
  else
    return std::nullopt;
  if (generator.kind == Generator::Kind::Uniform &&
      !parseBounds(name, generator))
    return llvm::createStringError(
        "expected two rising bounds, as in uniform(-1,1):4x128");
  SmallVector<int64_t> shape;
  if (!parseShape(shapeText, shape))
    return llvm::createStringError("expected a shape after ':', as in " +
                                   word.split(':').first + ":4x128");
  if (llvm::Error error = checkShape(shape, type))
    return error;
  if (!countElements(type.type, shape))
    return llvm::createStringError("has a shape that is too large");
  Array array(type.type, shape);
  // Every argument draws from a sequence of its own.
  fill(array, generator, seed * 0x9e3779b97f4a7c15 + position);
  return array;
}

static llvm::Expected<Array> readSound(StringRef word, const ArgumentType &type,
                                       ArgumentContext &context) {
  if (type.type != ElementType::F32)
    return llvm::createStringError("a sound file holds f32, but the "
                                   "argument's type is " +
                                   formatType(type));
  llvm::Expected<Sound> sound = readWav(word);
  if (!sound)
    return sound.takeError();
  if (!context.soundRate)
    context.soundRate = sound->rate;
  return std::move(sound->samples);
}

/// Recognises words that name a file, by its extension.
static std::optional<llvm::Expected<Array>>
readFile(StringRef word, const ArgumentType &type, ArgumentContext &context) {
  // A tensor's name may have a '#' in it.
  constexpr StringRef extension = ".safetensors";
  if (size_t end = word.find_insensitive((extension + "#").str());
      end != StringRef::npos) {
    end += extension.size();
    return readSafetensors(word.take_front(end), word.drop_front(end + 1),
                           type.type);
  }
  if (word.ends_with_insensitive(extension))
    return llvm::createStringError("expected the name of a tensor after '#', "
                                   "as in model.safetensors#layers.0.weight");
  if (word.ends_with_insensitive(".npy"))
    return readNpy(word, type.type);
  if (word.ends_with_insensitive(".wav"))
    return readSound(word, type, context);
  return std::nullopt;
}

static llvm::Expected<Array> make(StringRef word, unsigned position,
                                  const ArgumentType &type,
                                  ArgumentContext &context) {
  if (auto array = readFile(word, type, context)) {
    if (!*array)
      return array->takeError();
    if (llvm::Error error = checkShape((*array)->shape, type))
      return error;
    return std::move(*array);
  }
  if (auto generated = generate(word, position, type, context.seed))
    return std::move(*generated);
  if (!isScalarWord(word))
    return llvm::createStringError(
        "expected FILE.npy, FILE.safetensors#TENSOR, FILE.wav, a number, or a "
        "generator: zeros, ones, normal, uniform(LOW,HIGH) or iota, as in "
        "normal:4x128");
  if (!type.shape.empty())
    return llvm::createStringError(
        "a number serves a scalar or a rank-0 tensor, but the signature says " +
        formatType(type) + "; give a file or a generator");
  return parseScalar(word, type.type);
}

llvm::Expected<Array> linrec::makeArgument(StringRef word, unsigned position,
                                           const ArgumentType &type,
                                           ArgumentContext &context) {
  llvm::Expected<Array> array = make(word, position, type, context);
  if (!array)
    return llvm::createStringError("argument " + Twine(position) + " ('" +
                                   word +
                                   "'): " + llvm::toString(array.takeError()));
  return array;
}
